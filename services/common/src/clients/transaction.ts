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
  const { identity, readOnly = false, isolation, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const quotedSchema = pg.escapeIdentifier(schema);
  return [
    `BEGIN${isolation === undefined ? '' : ` ISOLATION LEVEL ${isolation.toUpperCase()}`}${readOnly ? ' READ ONLY' : ''}`,
    ...(role === undefined ? [] : [`SET LOCAL ROLE ${pg.escapeIdentifier(role)}`]),
    `SET LOCAL search_path = ${quotedSchema}, public`,
    `SET LOCAL statement_timeout = ${Math.max(1, Math.ceil(statementTimeoutMs))}`,
    ...(identity === undefined
      ? []
      : [setting('app.tenant', identity.tenant), setting('app.subject', identity.subject)]),
  ].join('; ');
}

function setting(name: string, value: string): string {
  return `SET LOCAL ${name} = ${pg.escapeLiteral(value)}`;
}

/** @param statementTimeoutMs that the transaction was begun with */
export function transactionOn(client: pg.ClientBase, statementTimeoutMs: number = STATEMENT_TIMEOUT_MS): Transaction {
  const query: Transaction['query'] = (text, values) =>
    client.query(bounded(text, values, statementTimeoutMs + ANSWER_MARGIN_MS));
  return {
    query,
    rows: async <R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) =>
      (await query<R>(text, values)).rows,
    row: async <R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) =>
      (await query<R>(text, values)).rows[0],
  };
}
