/** A service as a process of its own, and a client that costs little. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestIdentity, freePort } from '@genai-platform/common/testing';
import type { TestIdentity } from '@genai-platform/common/testing';
import type { DatabaseConfig } from '@genai-platform/common';
import { Pool } from 'undici';
import { sourceFlags } from '../machine/source-flags.ts';

export interface ServiceProcess {
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

export interface ServiceProcessOptions {
  /** The folder of its workspace under `services`. */
  readonly service: string;
  readonly database: { readonly config: DatabaseConfig; close(): Promise<void> };
  readonly env?: Readonly<Record<string, string>>;
  /** Whom it trusts, where others are to trust it too. */
  readonly identity?: TestIdentity;
}

/** Starts a service on a database, which is closed together with it. */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { service, database, identity = createTestIdentity() } = options;
  const port = await freePort();
  const child = spawnService({ ...options, identity }, port);
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 32 });
  await untilReady(pool);
  let token = await identity.token(service);
  const renewal = setInterval(() => void identity.token(service).then((fresh) => (token = fresh)), TOKEN_LIFETIME_MS);
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

function spawnService(
  { service, database, env, identity }: ServiceProcessOptions & { identity: TestIdentity },
  port: number,
): ChildProcess {
  const main = fileURLToPath(new URL(`../../services/${service}/src/main.ts`, import.meta.url));
  const settings = Object.entries(database.config).map(([name, value]) => [name, String(value)] as const);
  return spawn(process.execPath, [...sourceFlags, main], {
    env: {
      PATH: process.env.PATH,
      SERVICE_NAME: service,
      HTTP_PORT: String(port),
      IDENTITY_KEY_FILE: identity.keyFile,
      LOG_LEVEL: 'warn',
      SHUTDOWN_DRAIN_DELAY_SECONDS: '0',
      ...Object.fromEntries(settings),
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function untilReady(pool: Pool): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const status = await pool.request({ method: 'GET', path: '/readyz' }).then(
      async ({ statusCode, body }) => body.dump().then(() => statusCode),
      () => 0,
    );
    if (status === 200) return;
    if (attempt > 600) throw new Error('the service did not become ready within a minute');
    await sleep(100);
  }
}
