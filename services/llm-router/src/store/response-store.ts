import type { Eraser, Identity, Postgres, Transaction } from '@genai-platform/common';
import type { Item, ModelResponse, ResponseEvent } from '../api/response-schemas.ts';

type Owner = Pick<Identity, 'tenant' | 'subject'>;

/** A response that is kept. */
export interface StoredResponse {
  readonly response: ModelResponse;
  /** The conversation that it answers, and what it said. */
  readonly items: readonly Item[];
  readonly background: boolean;
  /** Whether whoever worked on it has not been heard of for a while. */
  readonly abandoned: boolean;
}

export interface KeptResponse {
  readonly response: ModelResponse;
  readonly items: readonly Item[];
  readonly background?: boolean;
}

/** So long a process may be silent that works on a response. */
const LEASE_SECONDS = 30;
const CLEAN_ROWS = 100;
const OPEN = "('queued', 'in_progress')";

/** Responses in PostgreSQL. One user's are nothing to another. */
export class ResponseStore {
  readonly #db: Postgres;
  readonly #keepDays: number;

  constructor(db: Postgres, keepDays: number) {
    this.#db = db;
    this.#keepDays = keepDays;
  }

  /** Keeps a new response, and takes the opportunity to remove some of the tenant's that are over. */
  async insert(owner: Owner, { response, items, background = false }: KeptResponse): Promise<void> {
    await this.#db.withTransaction({ identity: owner }, async (tx) => {
      await tx.query(
        `INSERT INTO responses (tenant, id, subject, status, body, items, background, alive_until, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, now() + interval '${LEASE_SECONDS} seconds', now() + make_interval(days => $8))`,
        [
          ...[owner.tenant, response.id, owner.subject, response.status],
          ...[JSON.stringify(response), JSON.stringify(items), background, this.#keepDays],
        ],
      );
      await tx.query(
        `DELETE FROM responses WHERE tenant = $1 AND id IN (
           SELECT id FROM responses WHERE tenant = $1 AND expires_at < now() LIMIT ${CLEAN_ROWS} FOR UPDATE SKIP LOCKED)`,
        [owner.tenant],
      );
    });
  }

  /**
   * Adds events, says that somebody works on it, and with `ended` how it ended: all or nothing.
   *
   * @returns whether it is to be cancelled
   */
  async record(owner: Owner, id: string, events: readonly ResponseEvent[], ended?: KeptResponse): Promise<boolean> {
    return await this.#db.withTransaction({ identity: owner }, async (tx) => {
      const row = await tx.row<{ cancel_requested: boolean }>(
        `UPDATE responses SET alive_until = now() + interval '${LEASE_SECONDS} seconds'
         WHERE tenant = $1 AND id = $2 AND status IN ${OPEN} RETURNING cancel_requested`,
        [owner.tenant, id],
      );
      // Deleted, or given up by whoever read it: nobody wants to know more.
      if (row === undefined) return true;
      await insertEvents(tx, owner.tenant, id, events);
      if (ended !== undefined) await close(tx, owner.tenant, ended);
      return row.cancel_requested;
    });
  }

  async find({ tenant, subject }: Owner, id: string, signal?: AbortSignal): Promise<StoredResponse | undefined> {
    const [row] = await this.#db.rows<{
      body: ModelResponse;
      items: Item[];
      background: boolean;
      abandoned: boolean;
    }>(
      { identity: { tenant, subject }, signal, readOnly: true },
      `SELECT body, items, background, status IN ${OPEN} AND alive_until < now() AS abandoned
       FROM responses WHERE tenant = $1 AND subject = $2 AND id = $3 AND expires_at > now()`,
      [tenant, subject, id],
    );
    return row && { response: row.body, items: row.items, background: row.background, abandoned: row.abandoned };
  }

  /** The events after a number, in order. */
  async events(owner: Owner, id: string, after: number, most: number): Promise<string[]> {
    const rows = await this.#db.rows<{ data: string }>(
      { identity: owner, readOnly: true },
      'SELECT data FROM response_events WHERE tenant = $1 AND response = $2 AND sequence > $3 ORDER BY sequence LIMIT $4',
      [owner.tenant, id, after, most],
    );
    return rows.map(({ data }) => data);
  }

  async requestCancel({ tenant, subject }: Owner, id: string): Promise<void> {
    await this.#db.rows(
      { identity: { tenant, subject } },
      `UPDATE responses SET cancel_requested = true
       WHERE tenant = $1 AND subject = $2 AND id = $3 AND status IN ${OPEN}`,
      [tenant, subject, id],
    );
  }

  /** @returns whether it was there */
  async delete({ tenant, subject }: Owner, id: string): Promise<boolean> {
    const sql = 'DELETE FROM responses WHERE tenant = $1 AND subject = $2 AND id = $3 RETURNING id';
    return (await this.#db.rows({ identity: { tenant, subject } }, sql, [tenant, subject, id])).length > 0;
  }

  readonly erase: Eraser = async (user, signal) => {
    const sql = 'DELETE FROM responses WHERE tenant = $1 AND subject = $2 RETURNING id';
    return (await this.#db.rows({ identity: user, signal }, sql, [user.tenant, user.subject])).length;
  };
}

async function insertEvents(
  tx: Transaction,
  tenant: string,
  id: string,
  events: readonly ResponseEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO response_events (tenant, response, sequence, data)
     SELECT $1, $2, e.sequence, e.data FROM unnest($3::int[], $4::text[]) AS e(sequence, data)`,
    [tenant, id, events.map((event) => event.sequence_number), events.map((event) => JSON.stringify(event))],
  );
}

async function close(tx: Transaction, tenant: string, { response, items }: KeptResponse): Promise<void> {
  await tx.query('UPDATE responses SET status = $3, body = $4, items = $5 WHERE tenant = $1 AND id = $2', [
    ...[tenant, response.id, response.status],
    ...[JSON.stringify(response), JSON.stringify(items)],
  ]);
}
