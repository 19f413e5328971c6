import type { Writable } from 'node:stream';
import type pg from 'pg';
import { CONTROL_TIMEOUT_MS, bounded, boundedStatement, rollback, transactionOver } from './transaction.ts';
import type { Transaction } from './transaction.ts';

export interface PipelinedReadOptions {
  /** The statement that begins the transaction. */
  readonly begin: string;
  readonly statementTimeoutMs: number | undefined;
  /** Takes a connection; another one where `use` fails because that one is dead. */
  readonly connect: <T>(use: (client: pg.PoolClient) => Promise<T>) => Promise<T>;
  /** Told of the connection; what it returns is called when the transaction is over. */
  readonly opened: (client: pg.PoolClient) => () => void;
}

/** One of the statements that are sent together. */
export interface ReadStatement {
  readonly text: string;
  readonly values?: readonly unknown[] | undefined;
}

interface Opened {
  readonly client: pg.PoolClient;
  readonly close: () => void;
}

/**
 * A read-only transaction that costs one round trip for each of its statements and none besides: it begins together
 * with the first one, and nobody waits for its end, at which nothing can fail that matters. Its connections have to be in
 * pg's pipeline mode. Statements that follow on a BEGIN that failed find nothing: their rows are a tenant's, and no
 * tenant is set.
 */
export class PipelinedRead {
  readonly transaction: Transaction = transactionOver((text, values) => this.#query(text, values));
  readonly #options: PipelinedReadOptions;
  #opened: Promise<Opened> | undefined;

  constructor(options: PipelinedReadOptions) {
    this.#options = options;
  }

  /**
   * The whole transaction in one packet: it begins, runs these statements and ends. One round trip, and both sides are
   * woken once. Where a statement fails, those behind it fail too.
   */
  async all(statements: readonly ReadStatement[]): Promise<pg.QueryResult[]> {
    const { connect, begin, opened, statementTimeoutMs } = this.#options;
    const run = await connect(async (client) => {
      const close = opened(client);
      const sent = inOnePacket(client, () => ({
        begun: client.query(bounded(begin, undefined, CONTROL_TIMEOUT_MS)),
        results: statements.map(({ text, values }, i) =>
          client.query(boundedStatement(text, values, statementTimeoutMs, i + 1)),
        ),
        ended: client.query(boundedStatement('COMMIT', undefined, statementTimeoutMs, statements.length + 1)),
      }));
      // Looked at below, or for nothing where the connection was dead.
      for (const result of [...sent.results, sent.ended]) result.catch(() => undefined);
      try {
        await sent.begun;
      } catch (error) {
        close();
        throw error;
      }
      return { ...sent, close, client };
    });
    try {
      return await Promise.all(run.results);
    } finally {
      run.close();
      void run.ended.then(
        () => run.client.release(),
        () => run.client.release(true),
      );
    }
  }

  async #query<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<R>> {
    const statement = boundedStatement(text, values, this.#options.statementTimeoutMs);
    if (this.#opened === undefined) return await this.#first<R>(statement);
    const { client } = await this.#opened;
    return await client.query<R>(statement);
  }

  async #first<R extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<R>> {
    const { connect, begin, opened } = this.#options;
    let result: Promise<pg.QueryResult<R>> | undefined;
    this.#opened = connect(async (client) => {
      const close = opened(client);
      const begun = inOnePacket(client, () => {
        const beginning = client.query(bounded(begin, undefined, CONTROL_TIMEOUT_MS));
        result = client.query<R>(statement);
        return beginning;
      });
      // Looked at below, or for nothing where the connection was dead.
      result?.catch(() => undefined);
      try {
        await begun;
      } catch (error) {
        close();
        throw error;
      }
      return { client, close };
    });
    await this.#opened;
    return await (result as unknown as Promise<pg.QueryResult<R>>);
  }

  /** Ends the transaction, and gives the connection back when that is done. */
  end(): void {
    void this.#close(async (client) => {
      await client.query(bounded('COMMIT', undefined, CONTROL_TIMEOUT_MS));
      return false;
    });
  }

  /** Rolls back. */
  async abandon(): Promise<void> {
    await this.#close(rollback);
  }

  async #close(finish: (client: pg.PoolClient) => Promise<boolean>): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    if (opened === undefined) return;
    opened.close();
    opened.client.release(await finish(opened.client).catch(() => true));
  }
}

/** Each write would wake the server at once: on a busy machine it then takes the processor from the one who writes. */
function inOnePacket<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
