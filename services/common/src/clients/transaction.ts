import pg from 'pg';
import type { Identity } from '../identity-token.ts';

export interface TransactionOptions {
  /** Whose rows: `app.tenant` and `app.subject` for row-level security, read by `current_setting('app.tenant', true)`. */
  readonly identity?: Pick<Identity, 'tenant' | 'subject'> | undefined;
  /** Cancels what is running, and rolls back. */
  readonly signal?: AbortSignal | undefined;
  /** For each statement; 10 s by default. */
  readonly statementTimeoutMs?: number;
  readonly readOnly?: boolean;
  /** `read committed` by default. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** Further settings, local to the transaction like all others, such as those of an extension. */
  readonly settings?: Readonly<Record<`${string}.${string}`, string>>;
  /** How often `fn` may be run again after a serialization failure or a deadlock; 0 by default. */
  readonly retries?: number;
}

/** Runs statements inside one transaction. Statements are never named: they are safe behind a transaction pooler. */
export interface Transaction {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<R>>;
  /** The rows alone. */
  rows<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** The first row, if there is one. */
  row<R extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<R | undefined>;
}

/** The server has nothing to do for BEGIN and ROLLBACK: later answers never come. */
export const CONTROL_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** The server ends a statement by itself. One that is not answered this long after is on a connection that is dead. */
const ANSWER_MARGIN_MS = 3_000;

/**
 * A statement whose answer is waited for so long and no longer: a server that is cut off, or fails over without a word,
 * leaves connections that never end by themselves. (pg knows the field, its types do not.)
 */
export function bounded(text: string, values: readonly unknown[] | undefined, answerWithinMs: number): pg.QueryConfig {
  const config = { text, ...(values && { values: [...values] }), query_timeout: answerWithinMs };
  return config;
}

/**
 * Begins a transaction with its settings, in one round trip. All of them are local to it: behind a transaction pooler
 * the next transaction may run on another connection.
 */
export function beginStatement(schema: string, options: TransactionOptions, role?: string): string {
  const { identity, readOnly = false, isolation, statementTimeoutMs = STATEMENT_TIMEOUT_MS, settings = {} } = options;
  const quotedSchema = pg.escapeIdentifier(schema);
  return [
    `BEGIN${isolation === undefined ? '' : ` ISOLATION LEVEL ${isolation.toUpperCase()}`}${readOnly ? ' READ ONLY' : ''}`,
    ...(role === undefined ? [] : [`SET LOCAL ROLE ${pg.escapeIdentifier(role)}`]),
    `SET LOCAL search_path = ${quotedSchema}, public`,
    `SET LOCAL statement_timeout = ${Math.max(1, Math.ceil(statementTimeoutMs))}`,
    ...(identity === undefined
      ? []
      : [setting('app.tenant', identity.tenant), setting('app.subject', identity.subject)]),
    ...Object.entries(settings).map(([name, value]) => setting(name, value)),
  ].join('; ');
}

function setting(name: string, value: string): string {
  return `SET LOCAL ${name} = ${pg.escapeLiteral(value)}`;
}

/** @param statementTimeoutMs that the transaction was begun with */
export function transactionOn(client: pg.ClientBase, statementTimeoutMs: number = STATEMENT_TIMEOUT_MS): Transaction {
  return transactionOver((text, values) => client.query(boundedStatement(text, values, statementTimeoutMs)));
}

/**
 * @param statementTimeoutMs after which the server ends it by itself
 * @param place from 1: one that is sent behind others waits for these too
 */
export function boundedStatement(
  text: string,
  values: readonly unknown[] | undefined,
  statementTimeoutMs: number = STATEMENT_TIMEOUT_MS,
  place: number = 1,
): pg.QueryConfig {
  return bounded(text, values, place * statementTimeoutMs + ANSWER_MARGIN_MS);
}

/** The verbs of a transaction over the one that sends. */
export function transactionOver(query: Transaction['query']): Transaction {
  return {
    query,
    rows: async <R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) =>
      (await query<R>(text, values)).rows,
    row: async <R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) =>
      (await query<R>(text, values)).rows[0],
  };
}

/** Whether the connection is broken and must not go back to the pool. */
export async function rollback(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query(bounded('ROLLBACK', undefined, CONTROL_TIMEOUT_MS));
    return false;
  } catch {
    return true;
  }
}
