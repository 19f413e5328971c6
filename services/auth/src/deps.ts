import { readFileSync } from 'node:fs';
import { Postgres } from '@genai-platform/common';
import type { ServiceContext } from '@genai-platform/common';
import type { AccountParts } from './accounts/account-parts.ts';
import { PasswordHasher } from './accounts/password-hasher.ts';
import type { AuthConfig } from './config.ts';
import { deriveKeys } from './domain/key-file.ts';
import { RefreshTokens } from './domain/refresh-token.ts';
import { RoleScopes } from './domain/roles.ts';
import { SecretBox } from './domain/secret-box.ts';
import { ServiceEraser } from './erasure/service-eraser.ts';
import { Housekeeping } from './housekeeping.ts';
import { BootstrapAdmin } from './keys/bootstrap-admin.ts';
import { SigningKeys } from './keys/signing-keys.ts';
import { MailServer } from './mail/mail-server.ts';
import { Postman } from './mail/postman.ts';
import { Throttles } from './store/throttles.ts';

/** What the routes work with. */
export interface Deps {
  readonly context: ServiceContext;
  readonly parts: AccountParts;
  readonly services: ServiceEraser;
}

/** Opens the database, and begins to send mails and to clean up. */
export function createDeps(config: AuthConfig, context: ServiceContext): Deps {
  const { clock, log, metrics, lifecycle, name } = context;
  const database = new Postgres({ config, log, name, metrics });
  lifecycle.onClose('database', () => database.close());
  const keyText = readFileSync(config.AUTH_KEY_FILE, 'utf8');
  const box = new SecretBox(deriveKeys(keyText, 'encryption'));
  const services = new ServiceEraser({
    targets: config.AUTH_ERASURE_TARGETS,
    identityKeyFile: config.IDENTITY_KEY_FILE,
    clock,
    metrics,
  });
  lifecycle.onClose('connections to services', () => services.close());
  const housekeeping = new Housekeeping({ database, clock, log });
  lifecycle.onClose('housekeeping', () => housekeeping.stop());
  housekeeping.start();
  if (config.AUTH_SMTP_HOST !== undefined) {
    const postman = new Postman({ database, box, server: new MailServer(config), clock, log, metrics });
    lifecycle.onClose('mail', () => postman.stop());
    postman.start();
  }
  const parts: AccountParts = {
    config,
    database,
    clock,
    box,
    hasher: new PasswordHasher(),
    throttles: new Throttles(database, clock),
    signingKeys: signingKeys({ database, box, context, config }),
    refreshTokens: new RefreshTokens(deriveKeys(keyText, 'refresh-token')),
    roles: new RoleScopes(config.AUTH_MEMBER_SCOPES),
    bootstrap: new BootstrapAdmin(config.AUTH_BOOTSTRAP_DIR),
  };
  return { context, parts, services };
}

const DAY_MS = 86_400_000;

function signingKeys(given: {
  database: Postgres;
  box: SecretBox;
  context: ServiceContext;
  config: AuthConfig;
}): SigningKeys {
  const { database, box, context, config } = given;
  return new SigningKeys({
    database,
    box,
    clock: context.clock,
    lifetimeMs: config.AUTH_SIGNING_KEY_DAYS * DAY_MS,
    tokenLifetimeMs: config.AUTH_ACCESS_TOKEN_SECONDS * 1_000,
  });
}
