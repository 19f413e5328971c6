import type { Clock, Postgres } from '@genai-platform/common';
import type { AuthConfig } from '../config.ts';
import type { RefreshTokens } from '../domain/refresh-token.ts';
import type { RoleScopes } from '../domain/roles.ts';
import type { SecretBox } from '../domain/secret-box.ts';
import type { BootstrapAdmin } from '../keys/bootstrap-admin.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import type { Throttles } from '../store/throttles.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** What the accounts are kept with. */
export interface AccountParts {
  readonly config: AuthConfig;
  readonly database: Postgres;
  readonly clock: Clock;
  readonly box: SecretBox;
  readonly hasher: PasswordHasher;
  readonly throttles: Throttles;
  readonly signingKeys: SigningKeys;
  readonly refreshTokens: RefreshTokens;
  readonly roles: RoleScopes;
  readonly bootstrap: BootstrapAdmin;
}
