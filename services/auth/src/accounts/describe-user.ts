import type { Transaction } from '@genai-platform/common';
import type { z } from 'zod';
import type { UserReply } from '../api/account-schemas.ts';
import type { RoleScopes } from '../domain/roles.ts';
import { findBetaToken } from '../store/beta-tokens.ts';
import type { User } from '../store/users.ts';

/** A user as the API shows one. */
export async function describeUser(tx: Transaction, user: User, roles: RoleScopes): Promise<z.input<typeof UserReply>> {
  const beta = user.beta_token_id === null ? undefined : await findBetaToken(tx, user.beta_token_id);
  return {
    object: 'user',
    id: user.id,
    tenant: user.tenant,
    email: user.email,
    username: user.username,
    name: user.name,
    role: user.role,
    scopes: [...roles.of(user.role)],
    email_verified: user.email_verified_at !== null,
    mfa_enabled: user.totp_secret !== null,
    disabled: user.disabled_at !== null,
    cohort: beta?.cohort ?? null,
    created_at: user.created_at.toISOString(),
  };
}
