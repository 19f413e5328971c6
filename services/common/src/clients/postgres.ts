import pg from 'pg';
import { systemClock } from '../clock.ts';
import type { DatabaseConfig } from '../config-pieces.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import { cancelRunning } from './postgres-cancel.ts';
import { connectionClass, connectionOptions } from './postgres-connection.ts';
import { isConnectionError, isTransactionConflict, translateDatabaseError } from './postgres-errors.ts';
import { PipelinedRead } from './pipelined-read.ts';
import type { ReadStatement } from './pipelined-read.ts';
import { CONTROL_TIMEOUT_MS, beginStatement, bounded, rollback, transactionOn } from './transaction.ts';
import type { Transaction, TransactionOptions } from './transaction.ts';

export interface PostgresOptions {
  readonly config: DatabaseConfig;
  readonly log: Logger;
  /** Shown by the server as application_name. */
  readonly name: string;
  readonly metrics?: Metrics;
  /** Read-only transactions begin with their first statement, and nobody waits for their end: a round trip a statement. */
  readonly pipeline?: boolean;
}

const CONNECT_ATTEMPTS = 4;
const CONNECT_PAUSE_MS = 100;
/** A commit waits for the disk. */
const COMMIT_TIMEOUT_MS = 15_000;
/** Connections are renewed, so that none outlives the login it was opened with for long. */
const MAX_LIFETIME_SECONDS = 600;

/** PostgreSQL through a pool. Everything runs in a transaction, with settings that are local to it. */
export class Postgres {
  readonly #pool: pg.Pool;
  readonly #config: DatabaseConfig;
  readonly #pipeline: boolean;

  constructor({ config, log, name, metrics, pipeline = false }: PostgresOptions) {
    this.#config = config;
    this.#pipeline = pipeline;
    this.#pool = new pg.Pool({
      ...connectionOptions(config, name, pipeline),
      Client: connectionClass(config),
      max: config.DATABASE_POOL_MAX,
      idleTimeoutMillis: 60_000,
      maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
    });
    // Without listeners the loss of a connection would end the process: the pool listens only to its idle ones. What
    // runs on the connection fails with the same error, and the caller hears of it there.
    this.#pool.on('connect', (client) => {
      client.on('error', (error) => log.warn({ error }, 'a database connection broke'));
    });
    this.#pool.on('error', () => undefined);
    if (metrics !== undefined) this.#measure(metrics);
  }

  /**
   * Runs `fn` in a transaction: committed when it resolves, rolled back when it rejects.
   *
   * @throws AppError 503 when the database cannot be reached or is full, 504 when a statement takes too long;
   *   pg.DatabaseError for everything else that the database refuses
   */
  async withTransaction<T>(options: TransactionOptions, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return await this.#attempt(options, () => this.#runOnce(options, fn));
  }

  async #attempt<T>(options: TransactionOptions, run: () => Promise<T>): Promise<T> {
    for (let left = options.retries ?? 0; ; left -= 1) {
      try {
        return await run();
      } catch (error) {
        options.signal?.throwIfAborted();
        if (left <= 0 || !isTransactionConflict(error)) throw translateDatabaseError(error);
      }
    }
  }

  /** Runs one statement in a transaction of its own, and returns its rows. */
  async rows<R extends pg.QueryResultRow>(
    options: TransactionOptions,
    text: string,
    values?: readonly unknown[],
  ): Promise<R[]> {
    const [rows] = await this.rowsOfEach(options, [{ text, values }]);
    return rows as R[];
  }

  /**
   * Runs statements in a transaction of their own, and returns the rows of each. Those that only read are sent together
   * where the reads are pipelined: one round trip for all of them.
   */
  async rowsOfEach(options: TransactionOptions, statements: readonly ReadStatement[]): Promise<pg.QueryResultRow[][]> {
    return await this.#attempt(options, async () => {
      if (this.#isPipelined(options)) return await this.#readAll(options, statements);
      return await this.#runOnce(options, async (tx) => {
        const all: pg.QueryResultRow[][] = [];
        for (const { text, values } of statements) all.push(await tx.rows(text, values));
        return all;
      });
    });
  }

  /** Resolves when the database answers. */
  async ping(signal?: AbortSignal): Promise<void> {
    await this.withTransaction({ signal, readOnly: true, statementTimeoutMs: 2_000 }, (tx) => tx.query('SELECT 1'));
  }

  /** Waits for what is running, and closes all connections. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #runOnce<T>(options: TransactionOptions, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.#isPipelined(options)) return await this.#read(options, fn);
    const begin = beginStatement(this.#config.DATABASE_SCHEMA, options);
    const client = await this.#connect(options.signal, async (connected) => {
      await connected.query(bounded(begin, undefined, CONTROL_TIMEOUT_MS));
      return connected;
    });
    const stopListening = this.#cancelOnAbort(client, options.signal);
    let broken: boolean | Error = true;
    try {
      const result = await fn(transactionOn(client, options.statementTimeoutMs));
      options.signal?.throwIfAborted();
      await client.query(bounded('COMMIT', undefined, COMMIT_TIMEOUT_MS));
      broken = false;
      return result;
    } catch (error) {
      broken = await rollback(client);
      throw error;
    } finally {
      stopListening();
      client.release(broken);
    }
  }

  #isPipelined({ readOnly, isolation }: TransactionOptions): boolean {
    return this.#pipeline && readOnly === true && isolation === undefined;
  }

  #pipelinedRead(options: TransactionOptions): PipelinedRead {
    return new PipelinedRead({
      begin: beginStatement(this.#config.DATABASE_SCHEMA, options),
      statementTimeoutMs: options.statementTimeoutMs,
      connect: (use) => this.#connect(options.signal, use),
      opened: (client) => this.#cancelOnAbort(client, options.signal),
    });
  }

  async #readAll(options: TransactionOptions, statements: readonly ReadStatement[]): Promise<pg.QueryResultRow[][]> {
    const results = await this.#pipelinedRead(options).all(statements);
    options.signal?.throwIfAborted();
    return results.map(({ rows }) => rows as pg.QueryResultRow[]);
  }

  async #read<T>(options: TransactionOptions, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    const read = this.#pipelinedRead(options);
    try {
      const result = await fn(read.transaction);
      options.signal?.throwIfAborted();
      read.end();
      return result;
    } catch (error) {
      await read.abandon();
      throw error;
    }
  }

  /** @returns ends it: a connection that is somebody else's already must not be cancelled */
  #cancelOnAbort(client: pg.PoolClient, signal: AbortSignal | undefined): () => void {
    const cancel = (): void => cancelRunning(client, this.#config.DATABASE_HOST, this.#config.DATABASE_PORT);
    signal?.addEventListener('abort', cancel, { once: true });
    return () => signal?.removeEventListener('abort', cancel);
  }

  /** Takes a connection and begins. A connection that turns out dead is replaced: nothing has run on it yet. */
  async #connect<T>(signal: AbortSignal | undefined, begin: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      let client: pg.PoolClient | undefined;
      try {
        client = await this.#pool.connect();
        return await begin(client);
      } catch (error) {
        client?.release(true);
        if (attempt >= CONNECT_ATTEMPTS || !isConnectionError(error)) throw error;
        await systemClock.sleep(CONNECT_PAUSE_MS * 2 ** (attempt - 1), signal);
      }
    }
  }

  #measure(metrics: Metrics): void {
    const pool = this.#pool;
    metrics.gauge({
      name: 'database_pool_connections',
      help: 'Connections of the database pool, and requests that wait for one',
      labels: ['state'],
      collect: (gauge) => {
        gauge.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        gauge.set({ state: 'idle' }, pool.idleCount);
        gauge.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }
}
