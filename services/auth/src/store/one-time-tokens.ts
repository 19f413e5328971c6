import type { Transaction } from '@genai-platform/common';
import { hashToken, newSecretToken } from '../domain/secret-token.ts';

export type Purpose = 'verify-email' | 'reset-password';

const PREFIXES: Readonly<Record<Purpose, string>> = { 'verify-email': 'ev_', 'reset-password': 'pr_' };

/** Makes a token in place of all earlier ones for the same purpose. Only its hash is stored. */
export async function issueToken(tx: Transaction, userId: string, purpose: Purpose, expiresAt: Date): Promise<string> {
  const { token, hash } = newSecretToken(PREFIXES[purpose]);
  await discardTokens(tx, userId, purpose);
  const insert = 'INSERT INTO one_time_tokens (hash, user_id, purpose, expires_at) VALUES ($1, $2, $3, $4)';
  await tx.query(insert, [hash, userId, purpose, expiresAt]);
  return token;
}

/** Uses a token up; of many at once exactly one gets the user's id. */
export async function consumeToken(
  tx: Transaction,
  purpose: Purpose,
  token: string,
  now: Date,
): Promise<string | undefined> {
  const sql = 'DELETE FROM one_time_tokens WHERE hash = $1 AND purpose = $2 RETURNING user_id, expires_at';
  const row = await tx.row<{ user_id: string; expires_at: Date }>(sql, [hashToken(token), purpose]);
  return row !== undefined && row.expires_at > now ? row.user_id : undefined;
}

export async function discardTokens(tx: Transaction, userId: string, purpose: Purpose): Promise<void> {
  await tx.query('DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = $2', [userId, purpose]);
}
