import type { Clock, Logger, Postgres } from '@genai-platform/common';
import { removeExpiredSigningKeys } from './store/signing-key-rows.ts';

const EVERY_MS = 600_000;
const DAY_MS = 86_400_000;
/** So long an ended session can still be looked at. */
const SESSIONS_KEPT_MS = 30 * DAY_MS;
/** So long a mail waits to be read where there is no server. */
const MAIL_KEPT_MS = 7 * DAY_MS;
const USAGE_KEPT_DAYS = 400;

/** Removes what nobody needs any more; several processes may do it at once. */
export class Housekeeping {
  readonly #parts: { readonly database: Postgres; readonly clock: Clock; readonly log: Logger };
  readonly #stop = new AbortController();
  #working: Promise<void> = Promise.resolve();

  constructor(parts: { database: Postgres; clock: Clock; log: Logger }) {
    this.#parts = parts;
  }

  start(): void {
    this.#working = this.#work();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#working;
  }

  /** Once through everything. */
  async clean(): Promise<void> {
    const nowMs = this.#parts.clock.now();
    const before = (ms: number): Date => new Date(nowMs - ms);
    await this.#parts.database.withTransaction({ statementTimeoutMs: 60_000 }, async (tx) => {
      await tx.query('DELETE FROM one_time_tokens WHERE expires_at < $1', [before(0)]);
      await tx.query('DELETE FROM sessions WHERE idle_until < $1 OR revoked_at < $1', [before(SESSIONS_KEPT_MS)]);
      await tx.query('DELETE FROM throttles WHERE arrival_ms < $1', [nowMs]);
      await tx.query('DELETE FROM outbox WHERE created_at < $1', [before(MAIL_KEPT_MS)]);
      await tx.query(`DELETE FROM beta_usage WHERE day < $1::timestamptz - interval '${USAGE_KEPT_DAYS} days'`, [
        before(0),
      ]);
      await removeExpiredSigningKeys(tx, before(DAY_MS));
    });
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await clock.sleep(EVERY_MS * (0.5 + Math.random()), signal).catch(() => undefined);
      if (!signal.aborted) await this.clean().catch((error: unknown) => log.warn({ error }, 'cleaning up failed'));
    }
  }
}
