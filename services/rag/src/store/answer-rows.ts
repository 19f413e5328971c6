import type { JobProblem, Postgres, Transaction } from '@genai-platform/common';
import type { Caller } from './caller.ts';

export type AnswerStatus = 'running' | 'completed' | 'failed';

/** An answer, as it is kept. */
export interface AnswerRow {
  readonly id: string;
  readonly subject: string;
  readonly status: AnswerStatus;
  readonly answer: unknown;
  readonly trace: unknown;
  readonly problem: JobProblem | null;
  readonly createdAt: Date;
  /** Whether its process has been heard of lately. */
  readonly alive: boolean;
}

export interface AnswerEvent {
  readonly sequence: number;
  readonly event: string;
  readonly data: unknown;
}

const ALIVE_SECONDS = 15;
const EXPIRED_ROWS = 100;

/** Writes down that somebody works on an answer, and forgets some that have expired. */
export async function beginAnswer(
  db: Postgres,
  caller: Caller,
  { id, retentionSeconds }: { id: string; retentionSeconds: number },
): Promise<void> {
  await db.withTransaction({ identity: caller }, async (tx) => {
    await tx.query(
      `DELETE FROM answers WHERE id IN (
         SELECT id FROM answers WHERE tenant = $1 AND expires_at < now() LIMIT ${EXPIRED_ROWS} FOR UPDATE SKIP LOCKED)`,
      [caller.tenant],
    );
    await tx.query(
      `INSERT INTO answers (id, tenant, subject, status, alive_until, expires_at)
       VALUES ($1, $2, $3, 'running', now() + interval '${ALIVE_SECONDS} seconds', now() + $4::int * interval '1 second')`,
      [id, caller.tenant, caller.subject, retentionSeconds],
    );
  });
}

/** Keeps events, and says that the answer's process lives. */
export async function keepEvents(
  tx: Transaction,
  caller: Caller,
  id: string,
  events: readonly AnswerEvent[],
): Promise<void> {
  await tx.query(
    `INSERT INTO answer_events (answer_id, tenant, sequence, event, data)
     SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::jsonb[]) ON CONFLICT DO NOTHING`,
    [
      id,
      caller.tenant,
      events.map(({ sequence }) => sequence),
      events.map(({ event }) => event),
      events.map(({ data }) => JSON.stringify(data)),
    ],
  );
  await tx.query(
    `UPDATE answers SET alive_until = now() + interval '${ALIVE_SECONDS} seconds' WHERE tenant = $1 AND id = $2`,
    [caller.tenant, id],
  );
}

export async function endAnswer(
  tx: Transaction,
  caller: Caller,
  {
    id,
    status,
    answer,
    trace,
    problem,
  }: { id: string; status: AnswerStatus; answer: unknown; trace: unknown; problem: JobProblem | null },
): Promise<void> {
  const json = (value: unknown): string | null =>
    value === undefined || value === null ? null : JSON.stringify(value);
  await tx.query(
    'UPDATE answers SET status = $3, answer = $4, trace = $5, problem = $6 WHERE tenant = $1 AND id = $2',
    [caller.tenant, id, status, json(answer), json(trace), json(problem)],
  );
}

export async function findAnswer(db: Postgres, caller: Caller, id: string): Promise<AnswerRow | undefined> {
  const [row] = await db.rows<AnswerRow & Record<string, unknown>>(
    { identity: caller, readOnly: true },
    `SELECT id, subject, status, answer, trace, problem, created_at AS "createdAt", alive_until > now() AS alive FROM answers
      WHERE tenant = $1 AND id = $2 AND expires_at > now()`,
    [caller.tenant, id],
  );
  return row;
}

export async function eventsAfter(db: Postgres, caller: Caller, id: string, sequence: number): Promise<AnswerEvent[]> {
  return await db.rows<AnswerEvent & Record<string, unknown>>(
    { identity: caller, readOnly: true },
    'SELECT sequence, event, data FROM answer_events WHERE tenant = $1 AND answer_id = $2 AND sequence > $3 ORDER BY sequence',
    [caller.tenant, id, sequence],
  );
}
