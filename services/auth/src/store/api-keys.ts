import type { Transaction } from '@genai-platform/common';
import { hashToken } from '../domain/secret-token.ts';
import type { Role } from '../domain/roles.ts';

/** A row of `api_keys`, without its hash. */
export interface ApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly user_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: string[];
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
  readonly created_at: Date;
}

export const KEY_COLUMNS =
  'id, tenant, user_id, name, prefix, scopes, expires_at, revoked_at, last_used_at, created_at';

/** A key that opens, with what its owner is now. */
export interface LiveKey extends ApiKey {
  readonly role: Role;
  readonly beta_token_id: string | null;
}

const FIND = `
  SELECT ${KEY_COLUMNS.replaceAll(/\w+/g, 'k.$&')}, u.role, u.beta_token_id FROM api_keys k JOIN users u ON u.id = k.user_id
  WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) AND u.disabled_at IS NULL`;

/** Undefined where it is unknown, revoked or too old, or its owner may not come in. */
export function findLiveKey(tx: Transaction, key: string, now: Date): Promise<LiveKey | undefined> {
  return tx.row<LiveKey>(FIND, [hashToken(key), now]);
}

/** Once a minute is exact enough, and writes little. */
export async function noteUse(tx: Transaction, id: string, now: Date): Promise<void> {
  const sql = `UPDATE api_keys SET last_used_at = $2
    WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')`;
  await tx.query(sql, [id, now]);
}
