import type { Transaction } from '@genai-platform/common';
import { hashToken } from '../domain/secret-token.ts';

/** A row of `beta_tokens`, without its hash. */
export interface BetaToken {
  readonly id: string;
  readonly tenant: string;
  readonly prefix: string;
  readonly cohort: string;
  readonly max_uses: number;
  readonly uses: number;
  readonly requests_per_second: number;
  readonly burst: number;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly created_by: string;
  readonly created_at: Date;
}

export const BETA_COLUMNS =
  'id, tenant, prefix, cohort, max_uses, uses, requests_per_second, burst, expires_at, revoked_at, created_by, created_at';

const REDEEM = `
  UPDATE beta_tokens SET uses = uses + 1
  WHERE hash = $1 AND uses < max_uses AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
  RETURNING ${BETA_COLUMNS}`;

/** Uses a token once more; undefined where it is unknown, used up, revoked or too old. Exact also when many try at once. */
export function redeemBetaToken(tx: Transaction, token: string, now: Date): Promise<BetaToken | undefined> {
  return tx.row<BetaToken>(REDEEM, [hashToken(token), now]);
}

export function findBetaTokenByValue(tx: Transaction, token: string): Promise<BetaToken | undefined> {
  return tx.row<BetaToken>(`SELECT ${BETA_COLUMNS} FROM beta_tokens WHERE hash = $1`, [hashToken(token)]);
}

export function findBetaToken(tx: Transaction, id: string): Promise<BetaToken | undefined> {
  return tx.row<BetaToken>(`SELECT ${BETA_COLUMNS} FROM beta_tokens WHERE id = $1`, [id]);
}

/** Whether it lets anybody in now. */
export function isRedeemable({ uses, max_uses, revoked_at, expires_at }: BetaToken, now: Date): boolean {
  return uses < max_uses && revoked_at === null && (expires_at === null || expires_at > now);
}
