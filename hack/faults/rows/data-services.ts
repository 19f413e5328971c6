import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseConfig, RedisConfig } from '@genai-platform/common';
import { Postgres, connectRedis, silentLogger } from '@genai-platform/common';
import { startPostgres, startValkey } from '@genai-platform/common/testing';
import { ensureDatabases } from '../../databases/databases.ts';
import type { Case } from '../room.ts';
import { rowOf } from '../room.ts';
import type { TcpFault } from '../tcp-proxy.ts';
import { TcpProxy } from '../tcp-proxy.ts';

/** What a service asks of a server, and how it is ended. */
interface Client {
  ask(): Promise<unknown>;
  close(): Promise<void>;
}

/** A server that keeps data, with a client of the services' own behind a proxy. */
interface Bench {
  readonly client: Client;
  readonly proxy: TcpProxy;
  /** Ends the server as a crash does, and starts it again at the same place. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

/** Tries to connect, waits between them, the statement's own limit and the wait for an answer. */
const BOUND_MS = 20_000;
/** How soon a call works again, tried again and again, after the trouble is over. */
const RECOVERED_MS = 20_000;
const CALLS = 8;

async function credentials(username: string, password: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'faults-credentials-'));
  await writeFile(join(folder, 'username'), username);
  await writeFile(join(folder, 'password'), password);
  return folder;
}

let programs: Promise<unknown> | undefined;

/** Once for all plans, which run side by side. */
const ensurePrograms = (): Promise<unknown> => (programs ??= ensureDatabases());

async function postgresBench(): Promise<Bench> {
  await ensurePrograms();
  const server = await startPostgres({ dedicated: true });
  const proxy = await TcpProxy.start(server);
  const folder = await credentials(server.user, server.password);
  const config: DatabaseConfig = {
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: proxy.port,
    DATABASE_NAME: server.name,
    DATABASE_SCHEMA: 'public',
    DATABASE_CREDENTIALS_DIR: folder,
    DATABASE_TLS_MODE: 'disable',
    DATABASE_POOL_MAX: 3,
  };
  const database = new Postgres({ config, log: silentLogger(), name: 'faults' });
  return {
    client: { ask: () => database.rows({ statementTimeoutMs: 1_000 }, 'SELECT 1'), close: () => database.close() },
    proxy,
    failOver: async () => {
      await server.stop();
      await server.start();
    },
    close: async () => {
      await proxy.stop();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function valkeyBench(): Promise<Bench> {
  await ensurePrograms();
  const server = await startValkey({ acl: ['user default off', 'user faults on >one ~* &* +@all'] });
  const proxy = await TcpProxy.start(server);
  const folder = await credentials('faults', 'one');
  const config: RedisConfig = {
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: proxy.port,
    REDIS_CREDENTIALS_DIR: folder,
    REDIS_TLS_MODE: 'disable',
  };
  const redis = connectRedis({ config, log: silentLogger(), name: 'faults' });
  return {
    client: { ask: () => redis.incr('asked'), close: () => Promise.resolve(redis.disconnect()) },
    proxy,
    failOver: async () => {
      await server.stop();
      await server.start();
    },
    close: async () => {
      await proxy.stop();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** How a call ended, and after how long. */
async function timed(ask: () => Promise<unknown>): Promise<{ readonly ms: number; readonly error?: unknown }> {
  const since = performance.now();
  const late = new Promise<never>((_, reject) =>
    setTimeout(reject, BOUND_MS * 2, new Error('no answer at all')).unref(),
  );
  return Promise.race([ask(), late]).then(
    () => ({ ms: performance.now() - since }),
    (error: unknown) => ({ ms: performance.now() - since, error }),
  );
}

/** Calls during the trouble end within the bound; after it they work again soon, on connections that are few. */
async function endure({ client, proxy }: Bench, trouble: () => Promise<void> | void): Promise<string[]> {
  const problems: string[] = [];
  await client.ask();
  const before = Array.from({ length: CALLS }, () => timed(() => client.ask()));
  await trouble();
  const during = Array.from({ length: CALLS }, () => timed(() => client.ask()));
  for (const { ms, error } of await Promise.all([...before, ...during])) {
    if (ms > BOUND_MS) problems.push(`a call took ${Math.round(ms)} ms: ${String(error)}`);
  }
  proxy.set({ type: 'none' });
  const healed = performance.now();
  while ((await timed(() => client.ask())).error !== undefined) {
    if (performance.now() - healed > RECOVERED_MS) return [...problems, 'calls still fail after the trouble is over'];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (proxy.open > CALLS) problems.push(`${proxy.open} connections are left`);
  return problems;
}

const troubles: Readonly<Record<string, TcpFault>> = {
  down: { type: 'refuse' },
  reset: { type: 'reset' },
  slow: { type: 'delay', ms: 300 },
  'half-open': { type: 'silence' },
};

function casesOf(server: string, open: () => Promise<Bench>): Case[] {
  const run = (trouble: (bench: Bench) => Promise<void> | void) => async (): Promise<string[]> => {
    const bench = await open();
    try {
      return await endure(bench, () => trouble(bench));
    } finally {
      await bench.client.close();
      await bench.close();
    }
  };
  const broken = Object.entries(troubles).map(([name, fault]) => ({
    name: `${server}-${name}`,
    what: `${server} is ${name}`,
    run: run(({ proxy }) => proxy.set(fault)),
  }));
  return [
    ...broken,
    { name: `${server}-failover`, what: `${server} crashes and starts again`, run: run((bench) => bench.failOver()) },
  ];
}

export const dataServices = rowOf('16', 'a database and a cache that cannot be reached', [
  ...casesOf('postgres', postgresBench),
  ...casesOf('valkey', valkeyBench),
]);
