import type { Transaction } from '@genai-platform/common';
import type { JWK } from 'jose';

/** A row of `signing_keys`. */
export interface SigningKeyRow {
  readonly kid: string;
  readonly public_jwk: JWK;
  readonly private_key: Buffer;
  readonly active_from: Date;
  readonly expires_at: Date | null;
}

/** Two processes that find the same key too old must not both make a new one. */
const LOCK = 'SELECT pg_advisory_xact_lock(hashtext(current_schema() || $1))';

export async function lockSigningKeys(tx: Transaction): Promise<void> {
  await tx.query(LOCK, ['.signing_keys']);
}

/** Those that are still good for something, the newest first. */
export function listSigningKeys(tx: Transaction, now: Date): Promise<SigningKeyRow[]> {
  const sql = `SELECT kid, public_jwk, private_key, active_from, expires_at FROM signing_keys
    WHERE expires_at IS NULL OR expires_at > $1 ORDER BY active_from DESC, kid`;
  return tx.rows<SigningKeyRow>(sql, [now]);
}

/** Adds a key; those before it are accepted until `olderUntil`. */
export async function insertSigningKey(
  tx: Transaction,
  key: Omit<SigningKeyRow, 'expires_at'>,
  { now, olderUntil }: { now: Date; olderUntil: Date },
): Promise<void> {
  const end = 'UPDATE signing_keys SET expires_at = least(coalesce(expires_at, $1), $1) WHERE expires_at IS NULL OR expires_at > $1'; // prettier-ignore
  await tx.query(end, [olderUntil]);
  const insert = `INSERT INTO signing_keys (kid, public_jwk, private_key, active_from, created_at)
    VALUES ($1, $2, $3, $4, $5)`;
  await tx.query(insert, [key.kid, key.public_jwk, key.private_key, key.active_from, now]);
}

export async function removeExpiredSigningKeys(tx: Transaction, now: Date): Promise<void> {
  await tx.query('DELETE FROM signing_keys WHERE expires_at < $1', [now]);
}
