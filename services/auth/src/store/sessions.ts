import type { Transaction } from '@genai-platform/common';
import type { FamilyState } from '../domain/refresh-decision.ts';

/** A row of `sessions`. */
export interface Session {
  readonly id: string;
  readonly user_id: string;
  readonly generation: number;
  readonly superseded_ms: number[];
  readonly mfa: boolean;
  readonly user_agent: string | null;
  readonly address: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly idle_until: Date;
  readonly ends_at: Date;
  readonly revoked_at: Date | null;
  readonly revoke_reason: string | null;
}

export type RevokeReason = 'logout' | 'revoked' | 'replay' | 'password-changed' | 'disabled' | 'erased' | 'too-many';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly mfa: boolean;
  readonly userAgent: string | undefined;
  readonly address: string;
  readonly now: Date;
  readonly idleUntil: Date;
  readonly endsAt: Date;
}

const INSERT = `
  INSERT INTO sessions (id, user_id, mfa, user_agent, address, created_at, last_used_at, idle_until, ends_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)`;

export async function insertSession(tx: Transaction, session: NewSession): Promise<void> {
  const { id, userId, mfa, userAgent, address, now, idleUntil, endsAt } = session;
  await tx.query(INSERT, [id, userId, mfa, userAgent?.slice(0, 256) ?? null, address, now, idleUntil, endsAt]);
}

/** Locked until the transaction ends: refreshes and the logout of one session come one after another. */
export function lockSession(tx: Transaction, id: string): Promise<Session | undefined> {
  return tx.row<Session>('SELECT * FROM sessions WHERE id = $1 FOR UPDATE', [id]);
}

export async function saveGeneration(
  tx: Transaction,
  id: string,
  { generation, supersededMs }: FamilyState,
  { now, idleUntil }: { now: Date; idleUntil: Date },
): Promise<void> {
  const sql = `UPDATE sessions SET generation = $2, superseded_ms = $3, last_used_at = $4, idle_until = $5 WHERE id = $1`;
  await tx.query(sql, [id, generation, supersededMs, now, idleUntil]);
}

/** Ends sessions that have not ended; returns their ids. */
export async function revokeSessions(
  tx: Transaction,
  which: { userId: string; id?: string | undefined; except?: string | undefined },
  reason: RevokeReason,
  now: Date,
): Promise<string[]> {
  const sql = `UPDATE sessions SET revoked_at = $1, revoke_reason = $2
    WHERE user_id = $3 AND revoked_at IS NULL AND ends_at > $1 AND idle_until > $1
      AND ($4::text IS NULL OR id = $4) AND ($5::text IS NULL OR id <> $5) RETURNING id`;
  const rows = await tx.rows<{ id: string }>(sql, [now, reason, which.userId, which.id ?? null, which.except ?? null]);
  return rows.map(({ id }) => id);
}

/** Ends all but the newest `keep` sessions of a user. */
export async function revokeOldest(tx: Transaction, userId: string, keep: number, now: Date): Promise<void> {
  const sql = `UPDATE sessions SET revoked_at = $1, revoke_reason = 'too-many' WHERE id IN (
    SELECT id FROM sessions WHERE user_id = $2 AND revoked_at IS NULL AND ends_at > $1 AND idle_until > $1
    ORDER BY last_used_at DESC OFFSET $3)`;
  await tx.query(sql, [now, userId, keep]);
}
