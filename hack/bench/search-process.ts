/** The search service as a process of its own, on a database of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestIdentity, freePort } from '@genai-platform/common/testing';
import { Pool } from 'undici';
import { createSearchDatabase } from '../../services/search/test/harness/search-database.ts';
import { sourceFlags } from '../machine/source-flags.ts';

export interface SearchProcess {
  /** Sends a request and returns the JSON of its reply. @throws Error for any status from 300 on */
  send(method: 'PUT' | 'POST' | 'GET', path: string, body?: string, contentType?: string): Promise<unknown>;
  /** Memory of the process in bytes. */
  residentBytes(): number;
  readonly pid: number;
  readonly port: number;
  close(): Promise<void>;
}

/** Tokens live for a minute. */
const TOKEN_LIFETIME_MS = 45_000;

export async function startSearchProcess(env: Readonly<Record<string, string>> = {}): Promise<SearchProcess> {
  const database = await createSearchDatabase();
  const identity = createTestIdentity();
  const port = await freePort();
  const main = fileURLToPath(new URL('../../services/search/src/main.ts', import.meta.url));
  const settings = Object.entries(database.config).map(([name, value]) => [name, String(value)] as const);
  const child = spawn(process.execPath, [...sourceFlags, main], {
    env: {
      PATH: process.env.PATH,
      SERVICE_NAME: 'search',
      HTTP_PORT: String(port),
      IDENTITY_KEY_FILE: identity.keyFile,
      LOG_LEVEL: 'warn',
      SHUTDOWN_DRAIN_DELAY_SECONDS: '0',
      ...Object.fromEntries(settings),
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 32 });
  await untilReady(pool);
  let token = await identity.token('search');
  const renewal = setInterval(() => void identity.token('search').then((fresh) => (token = fresh)), TOKEN_LIFETIME_MS);
  return {
    send: async (method, path, body, contentType = 'application/json') => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': contentType }),
      };
      const reply = await pool.request({ method, path, headers, body: body ?? null });
      const text = await reply.body.text();
      if (reply.statusCode >= 300) throw new Error(`${method} ${path}: ${reply.statusCode} ${text}`);
      return JSON.parse(text) as unknown;
    },
    pid: child.pid ?? 0,
    port,
    residentBytes: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024;
    },
    close: async () => {
      clearInterval(renewal);
      await pool.close();
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await database.close();
    },
  };
}

async function untilReady(pool: Pool): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const status = await pool.request({ method: 'GET', path: '/readyz' }).then(
      async ({ statusCode, body }) => body.dump().then(() => statusCode),
      () => 0,
    );
    if (status === 200) return;
    if (attempt > 600) throw new Error('the search service did not become ready within a minute');
    await sleep(100);
  }
}
