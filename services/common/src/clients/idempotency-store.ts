import { randomUUID } from 'node:crypto';
import type { Lifecycle } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import type { Eraser } from '../erasure.ts';
import type { Claim, IdempotencyScope, IdempotencyStore, StoredReply } from '../http/idempotency.ts';
import type { Migration } from './migrations.ts';
import type { Postgres } from './postgres.ts';
import type { Transaction } from './transaction.ts';

/** The table of the store, for `runService({ tables: [idempotencyTables] })`. */
export const idempotencyTables: Migration = {
  name: 'kit-0001-idempotency',
  sql: `CREATE TABLE idempotency_keys (
  tenant text NOT NULL,
  subject text NOT NULL,
  key text NOT NULL,
  owner uuid NOT NULL UNIQUE,
  fingerprint bytea,
  locked_until timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  status int,
  headers jsonb,
  body bytea,
  PRIMARY KEY (tenant, subject, key)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);`,
};

/** How long a key stays claimed when its process has died. */
const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;
const CLEAN_MS = 60_000;
const CLEAN_ROWS = 500;
const CLEAN_ROUNDS = 20;

const CLAIM = `
  INSERT INTO idempotency_keys AS k (tenant, subject, key, owner, fingerprint, locked_until, expires_at)
  VALUES ($1, $2, $3, $4, $5, now() + interval '${LEASE_SECONDS} seconds', now() + interval '24 hours')
  ON CONFLICT (tenant, subject, key) DO UPDATE
  SET owner = EXCLUDED.owner, fingerprint = EXCLUDED.fingerprint, locked_until = EXCLUDED.locked_until,
      expires_at = EXCLUDED.expires_at, status = NULL, headers = NULL, body = NULL
  WHERE k.expires_at < now()
     OR (k.status IS NULL AND k.locked_until < now()
         AND coalesce(k.fingerprint = EXCLUDED.fingerprint, true))
  RETURNING owner`;

const FIND = `
  SELECT status, headers, body, fingerprint, ceil(extract(epoch FROM locked_until - now()))::int AS left
  FROM idempotency_keys WHERE tenant = $1 AND subject = $2 AND key = $3`;

interface Row {
  readonly status: number | null;
  readonly headers: StoredReply['headers'] | null;
  readonly body: Buffer | null;
  readonly fingerprint: Buffer | null;
  readonly left: number;
}

export interface IdempotencyStoreOptions {
  readonly database: Postgres;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
}

/**
 * Idempotency keys in PostgreSQL. A claim is a lease that its process renews: when the process dies, the key is free
 * again half a minute later. Replies are kept for 24 hours.
 */
export class PostgresIdempotencyStore implements IdempotencyStore {
  readonly #database: Postgres;
  readonly #log: Logger;
  readonly #owned = new Set<string>();

  constructor({ database, log, lifecycle }: IdempotencyStoreOptions) {
    this.#database = database;
    this.#log = log;
    const timers = [setInterval(() => void this.#renew(), RENEW_MS), setInterval(() => void this.clean(), CLEAN_MS)];
    for (const timer of timers) timer.unref();
    lifecycle.onClose('idempotency', () => timers.forEach(clearInterval));
  }

  async claim({ tenant, subject, key }: IdempotencyScope, fingerprint: Uint8Array | undefined): Promise<Claim> {
    const owner = randomUUID();
    return await this.#database.withTransaction({}, async (tx) => {
      const claimed = await tx.row(CLAIM, [tenant, subject, key, owner, fingerprint]);
      if (claimed === undefined) {
        const row = await tx.row<Row & Record<string, unknown>>(FIND, [tenant, subject, key]);
        // The row may have been cleaned away in between: the client comes back a second later.
        return row === undefined ? { state: 'in-flight', retryAfterSeconds: 1 } : toClaim(row, fingerprint);
      }
      this.#owned.add(owner);
      return { state: 'claimed', owner };
    });
  }

  async complete(
    owner: string,
    { status, headers, body }: StoredReply,
    fingerprint: Uint8Array | undefined,
    tx?: Transaction,
  ): Promise<boolean> {
    const run = async (on: Transaction): Promise<boolean> => {
      const { rowCount } = await on.query(
        `UPDATE idempotency_keys SET status = $2, headers = $3, body = $4, fingerprint = coalesce($5, fingerprint),
           expires_at = now() + interval '24 hours' WHERE owner = $1`,
        [owner, status, JSON.stringify(headers), body ?? null, fingerprint ?? null],
      );
      return rowCount === 1;
    };
    const kept = tx === undefined ? await this.#database.withTransaction({}, run) : await run(tx);
    if (tx === undefined) this.#owned.delete(owner);
    return kept;
  }

  async release(owner: string): Promise<void> {
    this.#owned.delete(owner);
    await this.#database.rows({}, 'DELETE FROM idempotency_keys WHERE owner = $1 AND status IS NULL', [owner]);
  }

  /** Removes what has expired, in small bites; what other processes are removing is left to them. */
  async clean(): Promise<void> {
    const bite = `DELETE FROM idempotency_keys WHERE owner IN (
      SELECT owner FROM idempotency_keys WHERE expires_at < now() LIMIT ${CLEAN_ROWS} FOR UPDATE SKIP LOCKED)`;
    try {
      for (let round = 0; round < CLEAN_ROUNDS; round += 1) {
        const { rowCount } = await this.#database.withTransaction({}, (tx) => tx.query(bite));
        if ((rowCount ?? 0) < CLEAN_ROWS) return;
      }
    } catch (error) {
      this.#log.warn({ error }, 'expired idempotency keys were not removed');
    }
  }

  async #renew(): Promise<void> {
    if (this.#owned.size === 0) return;
    const renew = `UPDATE idempotency_keys SET locked_until = now() + interval '${LEASE_SECONDS} seconds'
      WHERE owner = ANY($1) AND status IS NULL`;
    try {
      await this.#database.rows({}, renew, [[...this.#owned]]);
    } catch (error) {
      this.#log.warn({ error }, 'claims of idempotency keys were not renewed');
    }
  }
}

function toClaim({ status, headers, body, fingerprint, left }: Row, given: Uint8Array | undefined): Claim {
  const differs = fingerprint !== null && given !== undefined && Buffer.compare(fingerprint, given) !== 0;
  if (differs) return { state: 'mismatch' };
  if (status === null) return { state: 'in-flight', retryAfterSeconds: Math.max(1, Math.min(left, LEASE_SECONDS)) };
  const reply = { status, headers: headers ?? {}, body: body ?? undefined };
  return { state: 'stored', reply, fingerprint: fingerprint ?? undefined };
}

/** Erases the replies that are kept for a user's idempotency keys. */
export const eraseIdempotencyKeys =
  (database: Postgres): Eraser =>
  async ({ tenant, subject }, signal) => {
    const sql = 'DELETE FROM idempotency_keys WHERE tenant = $1 AND subject = $2 RETURNING 1 AS gone';
    return (await database.rows({ signal, identity: { tenant, subject } }, sql, [tenant, subject])).length;
  };
