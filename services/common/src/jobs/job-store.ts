import type { Postgres } from '../clients/postgres.ts';
import type { Transaction } from '../clients/transaction.ts';
import { AppError } from '../errors.ts';
import { pageClause } from '../http/pagination.ts';
import type { PageQuery } from '../http/pagination.ts';
import { newId } from '../id.ts';
import type { Identity } from '../identity-token.ts';
import { JobOutput } from './job.ts';
import type { JobProblem, NewJob } from './job.ts';
import { JOB_COLUMNS as COLUMNS } from './job-row.ts';
import type { JobRow } from './job-row.ts';
import type { WebhookTarget } from './webhook.ts';

export interface JobLimits {
  /** Of one tenant, waiting or running; 100 by default. */
  readonly maxOpenPerTenant?: number;
  /** How long a finished job and its result are kept; 24 hours by default. */
  readonly retentionSeconds?: number;
}

/** A job that somebody works on. */
export type ClaimedJob = JobRow & { readonly payload: Buffer | null; readonly owner: string };

export interface JobEvent {
  readonly sequence: number;
  readonly event: string;
  readonly data: unknown;
}

export interface JobEnd {
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly result?: unknown;
  readonly problem?: JobProblem;
}

/** When a worker that has not been heard of is taken for dead. */
const LEASE = "interval '15 seconds'";

type Row = JobRow & Record<string, unknown>;

/** Jobs in PostgreSQL. */
export class JobStore {
  readonly #database: Postgres;
  readonly #maxOpen: number;
  readonly #retention: string;

  constructor(database: Postgres, { maxOpenPerTenant = 100, retentionSeconds = 86_400 }: JobLimits) {
    this.#database = database;
    this.#maxOpen = maxOpenPerTenant;
    this.#retention = `interval '${Math.round(retentionSeconds)} seconds'`;
  }

  /** Adds a job, in the transaction given. @throws AppError 429 when the tenant has too many open ones */
  async add(tx: Transaction, job: NewJob, { tenant, subject }: Pick<Identity, 'tenant' | 'subject'>): Promise<JobRow> {
    const open = await tx.row<{ count: number }>(
      'SELECT count(*)::int AS count FROM jobs WHERE tenant = $1 AND due_at IS NOT NULL',
      [tenant],
    );
    if ((open?.count ?? 0) >= this.#maxOpen) {
      const detail = `there are ${this.#maxOpen} unfinished jobs already`;
      throw new AppError('JOBS_FULL', { status: 429, detail, retryAfterSeconds: 5 });
    }
    const row = await tx.row<Row>(
      `INSERT INTO jobs (id, kind, tenant, subject, status, input, payload, webhook, due_at)
       VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7, now()) RETURNING ${COLUMNS}`,
      [newId('job'), job.kind, tenant, subject, JSON.stringify(job.input), job.payload, job.webhook],
    );
    if (row === undefined) throw new Error('the new job was not returned');
    await addEvent(tx, row.id, 'queued', {});
    return row;
  }

  async find(tenant: string, id: string): Promise<JobRow | undefined> {
    const [row] = await this.#database.rows<Row>(
      { readOnly: true },
      `SELECT ${COLUMNS} FROM jobs WHERE tenant = $1 AND id = $2`,
      [tenant, id],
    );
    return row;
  }

  async list(tenant: string, query: PageQuery): Promise<JobRow[]> {
    const { condition, order, values } = pageClause(query, 'id', { firstParameter: 2 });
    const select = `SELECT ${COLUMNS} FROM jobs WHERE tenant = $1 AND ${condition} ${order}`;
    return await this.#database.rows<Row>({ readOnly: true }, select, [tenant, ...values]);
  }

  async output(tenant: string, id: string): Promise<JobOutput | undefined> {
    const [row] = await this.#database.rows<{ output: Buffer; output_type: string }>(
      { readOnly: true },
      'SELECT output, output_type FROM jobs WHERE tenant = $1 AND id = $2 AND output IS NOT NULL',
      [tenant, id],
    );
    return row === undefined ? undefined : new JobOutput(row.output, row.output_type);
  }

  async eventsAfter(id: string, sequence: number): Promise<JobEvent[]> {
    return await this.#database.rows<JobEvent & Record<string, unknown>>(
      { readOnly: true },
      'SELECT sequence, event, data FROM job_events WHERE job_id = $1 AND sequence > $2 ORDER BY sequence LIMIT 1000',
      [id, sequence],
    );
  }

  async isOpen(id: string): Promise<boolean> {
    const rows = await this.#database.rows(
      { readOnly: true },
      'SELECT 1 FROM jobs WHERE id = $1 AND due_at IS NOT NULL',
      [id],
    );
    return rows.length > 0;
  }

  /** A queued job is cancelled at once; the worker of a running one is asked to stop. */
  async cancel(tenant: string, id: string): Promise<JobRow | undefined> {
    return await this.#database.withTransaction({}, async (tx) => {
      const row = await tx.row<Row>(
        `UPDATE jobs SET cancel_requested = true WHERE tenant = $1 AND id = $2 AND due_at IS NOT NULL RETURNING ${COLUMNS}`,
        [tenant, id],
      );
      if (row?.status === 'queued') return await this.#end(tx, id, { status: 'cancelled' });
      return row ?? (await tx.row<Row>(`SELECT ${COLUMNS} FROM jobs WHERE tenant = $1 AND id = $2`, [tenant, id]));
    });
  }

  /**
   * Takes the next job of these kinds that is due: a new one, or one whose worker has died.
   *
   * @param owner a name that no claim has had before
   */
  async claim(kinds: readonly string[], owner: string): Promise<ClaimedJob | undefined> {
    return await this.#database.withTransaction({}, async (tx) => {
      const row = await tx.row<ClaimedJob & Record<string, unknown>>(
        `UPDATE jobs SET status = 'running', owner = $2, due_at = now() + ${LEASE}, attempts = attempts + 1,
           started_at = coalesce(started_at, now())
         WHERE id = (SELECT id FROM jobs WHERE due_at <= now() AND kind = ANY($1)
                     ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING ${COLUMNS}, owner, payload`,
        [kinds, owner],
      );
      if (row !== undefined) await addEvent(tx, row.id, 'started', { attempt: row.attempts });
      return row;
    });
  }

  /** Keeps the claims of a living worker. @returns those that still hold, and whether their jobs are to be cancelled */
  async renew(owners: readonly string[]): Promise<Map<string, boolean>> {
    const rows = await this.#database.rows<{ owner: string; cancel_requested: boolean }>(
      {},
      `UPDATE jobs SET due_at = now() + ${LEASE} WHERE owner = ANY($1) AND status = 'running'
       RETURNING owner, cancel_requested`,
      [owners],
    );
    return new Map(rows.map(({ owner, cancel_requested }) => [owner, cancel_requested]));
  }

  async progress(owner: string, id: string, fraction: number): Promise<void> {
    await this.#database.withTransaction({}, async (tx) => {
      const { rowCount } = await tx.query('UPDATE jobs SET progress = $3 WHERE id = $1 AND owner = $2', [
        id,
        owner,
        fraction,
      ]);
      if (rowCount === 1) await addEvent(tx, id, 'progress', { progress: fraction });
    });
  }

  /** Ends a job, if `owner` still has it. */
  async finish(owner: string, id: string, end: JobEnd): Promise<boolean> {
    return await this.#database.withTransaction({}, async (tx) => {
      const mine = await tx.row('SELECT 1 FROM jobs WHERE id = $1 AND owner = $2 FOR UPDATE', [id, owner]);
      return mine !== undefined && (await this.#end(tx, id, end)) !== undefined;
    });
  }

  /** Puts a job back, if `owner` still has it. @param countsAsAttempt false where the job is not to blame */
  async requeue(owner: string, id: string, delayMs: number, countsAsAttempt: boolean): Promise<void> {
    await this.#database.rows(
      {},
      `UPDATE jobs SET status = 'queued', owner = NULL, due_at = now() + $3 * interval '1 ms',
         attempts = attempts - $4 WHERE id = $1 AND owner = $2`,
      [id, owner, delayMs, countsAsAttempt ? 0 : 1],
    );
  }

  /** Puts back the jobs of claims that still hold. */
  async requeueAll(owners: readonly string[]): Promise<void> {
    const statement = `UPDATE jobs SET status = 'queued', owner = NULL, due_at = now(), attempts = attempts - 1
      WHERE owner = ANY($1) AND status = 'running'`;
    if (owners.length > 0) await this.#database.rows({}, statement, [owners]);
  }

  /** Takes a message that is due to be sent; it is due again a minute later, should the sender die. */
  async claimWebhook(): Promise<(JobRow & { webhook: WebhookTarget; webhook_attempts: number }) | undefined> {
    const [row] = await this.#database.rows<Row & { webhook: WebhookTarget; webhook_attempts: number }>(
      {},
      `UPDATE jobs SET webhook_due_at = now() + interval '1 minute', webhook_attempts = webhook_attempts + 1
       WHERE id = (SELECT id FROM jobs WHERE webhook_due_at <= now() ORDER BY webhook_due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING ${COLUMNS}, webhook, webhook_attempts`,
    );
    return row;
  }

  /** @param delayMs when to send again; undefined when it is over, and the secret is forgotten */
  async settleWebhook(id: string, delayMs: number | undefined): Promise<void> {
    const statement =
      delayMs === undefined
        ? 'UPDATE jobs SET webhook = NULL, webhook_due_at = NULL WHERE id = $1 AND $2::int IS NULL'
        : "UPDATE jobs SET webhook_due_at = now() + $2 * interval '1 ms' WHERE id = $1";
    await this.#database.rows({}, statement, [id, delayMs ?? null]);
  }

  /** Removes some of what has expired. @returns how many */
  async clean(limit: number): Promise<number> {
    const { rowCount } = await this.#database.withTransaction({}, (tx) =>
      tx.query(
        `DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED)`,
        [limit],
      ),
    );
    return rowCount ?? 0;
  }

  async #end(tx: Transaction, id: string, { status, result, problem }: JobEnd): Promise<JobRow | undefined> {
    const output = result instanceof JobOutput ? result : undefined;
    const row = await tx.row<Row>(
      `UPDATE jobs SET status = $2, result = $3, output = $4, output_type = $5, problem = $6, owner = NULL, due_at = NULL,
         payload = NULL, progress = CASE WHEN $2 = 'succeeded' THEN 1 ELSE progress END, finished_at = now(),
         expires_at = now() + ${this.#retention}, webhook_due_at = CASE WHEN webhook IS NULL THEN NULL ELSE now() END
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, status, output === undefined ? toJson(result) : null, output?.bytes, output?.contentType, toJson(problem)],
    );
    await addEvent(tx, id, status, problem === undefined ? {} : { error: problem });
    return row;
  }
}

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

async function addEvent(tx: Transaction, id: string, event: string, data: object): Promise<void> {
  await tx.query(
    `INSERT INTO job_events (job_id, sequence, event, data)
     SELECT $1, coalesce(max(sequence), 0) + 1, $2, $3 FROM job_events WHERE job_id = $1`,
    [id, event, JSON.stringify(data)],
  );
}
