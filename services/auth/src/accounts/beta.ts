import { AppError } from '@genai-platform/common';
import type { Identity } from '@genai-platform/common';
import type { z } from 'zod';
import type { BetaValidity } from '../api/admin-schemas.ts';
import type { Client } from '../client.ts';
import { betaTokenInvalid } from '../errors.ts';
import { appendAudit } from '../store/audit-log.ts';
import { findBetaTokenByValue, isRedeemable, redeemBetaToken } from '../store/beta-tokens.ts';
import { lockUser } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';
import { requireUser } from './require-user.ts';

/** Whether a token would be accepted now. @throws AppError 429 for who guesses */
export async function validateBetaToken(
  { database, throttles, clock }: AccountParts,
  token: string,
  client: Client,
): Promise<z.input<typeof BetaValidity>> {
  await throttles.charge('token:address', client.address);
  const found = await database.withTransaction({ readOnly: true }, (tx) => findBetaTokenByValue(tx, token));
  const object = 'beta_token.validity' as const;
  if (found === undefined || !isRedeemable(found, new Date(clock.now()))) return { object, valid: false };
  return { object, valid: true, cohort: found.cohort, uses_left: found.max_uses - found.uses };
}

/** A user who is in already joins a cohort; once. @throws AppError 403, 409, 429 */
export async function redeemForUser(
  { database, throttles }: AccountParts,
  identity: Identity,
  token: string,
  client: Client,
): Promise<void> {
  await throttles.charge('token:address', client.address);
  await database.withTransaction({}, async (tx) => {
    const { id, tenant } = await requireUser(tx, identity);
    const user = await lockUser(tx, id);
    if (user?.beta_token_id !== null) {
      throw new AppError('AUTH_BETA_TOKEN_REDEEMED', { status: 409, detail: 'you have redeemed a beta token already' });
    }
    const origin = client.origin();
    const beta = await redeemBetaToken(tx, token, origin.at);
    if (beta?.tenant !== tenant) throw betaTokenInvalid();
    await tx.query('UPDATE users SET beta_token_id = $2, updated_at = now() WHERE id = $1', [id, beta.id]);
    await appendAudit(tx, { action: 'beta-token.redeemed', tenant, actor: id, target: beta.id }, origin);
  });
}
