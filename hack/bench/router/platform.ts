import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mintIdentityToken, parseIdentityKeys } from '@genai-platform/common';
import { ensureDatabases } from '../../databases/databases.ts';
import { startLocalPlatform, type LocalPlatform, type LocalWorkload } from '../../development/local-platform.ts';
import { developmentPlatform } from '../../development/platform.ts';
import { runFromSource } from '../../development/source-process.ts';
import { freshBundle } from '../../image/fresh-bundle.ts';
import { describeCheckout, statePath } from '../../machine/checkout.ts';
import { childrenOf } from '../../machine/process.ts';
import { ensureModels } from '../../models/models.ts';
import { podFlags } from './pod-flags.ts';
import { endChild, startProgram, type Subject } from './subject.ts';

/** The router as a platform runs it, alone and behind the gateway. */
export interface MeasuredPlatform {
  readonly router: Subject;
  /** The way of a client with an API key: through the gateway. CPU time and memory are those of both. */
  readonly gateway: Subject;
  /** The processes of the embedded models, which idle here. */
  readonly modelPids: () => readonly number[];
  readonly stop: () => Promise<void>;
}

/** So much that nobody is refused, and everything is counted. */
const AMPLE = 1_000_000_000_000;
const quotas = [
  { per: 'tenant', unit: 'micros', period: 'month', amount: AMPLE },
  { per: 'user', unit: 'micros', period: 'day', amount: AMPLE },
  { per: 'user', unit: 'tokens', period: 'minute', amount: AMPLE },
  { per: 'user', unit: 'requests', period: 'minute', amount: AMPLE },
];

/**
 * Starts PostgreSQL, Valkey, gateway and router with their rendered environment, the programs as their images have them
 * (bundles with compiled code kept) and within the heap of their pods. The router has a provider with a key, prices, two budgets and two limits; both have
 * metrics, the platform's sampler and somebody who takes the spans. Of the log, warnings are written.
 */
export async function startMeasuredPlatform(upstream: string): Promise<MeasuredPlatform> {
  const programs = await ensureDatabases();
  await ensureModels({ say: (what) => console.error(what) });
  const directory = statePath(describeCheckout(), 'bench', 'router');
  const platform = developmentPlatform(['llm-router']);
  const named = { ...platform, metadata: { ...platform.metadata, name: 'bench-router' } };
  const local = await startLocalPlatform({ platform: named, programs, directory });
  const collector = await startCollector();
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(endChild));
    collector.close();
    await local.stop();
  };
  try {
    for (const group of local.jobs) await Promise.all(group.map((job) => runFromSource(job, console.error)));
    const settings = await writeSettings(directory, upstream);
    const extra = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, LLM_SETTINGS_FILE: settings };
    for (const name of ['llm-router', 'gateway']) children.push(await startBundle(workloadOf(local, name), extra));
  } catch (error) {
    await stop();
    throw error;
  }
  const [router, gateway] = children.map(({ pid = 0 }) => pid) as [number, number];
  return { ...(await subjectsOf(local, { router, gateway })), modelPids: () => childrenOf(router), stop };
}

async function subjectsOf(
  local: LocalPlatform,
  { router, gateway }: { readonly router: number; readonly gateway: number },
): Promise<Pick<MeasuredPlatform, 'router' | 'gateway'>> {
  const { url: routerUrl, env } = workloadOf(local, 'llm-router');
  const [identityKey] = parseIdentityKeys(await readFile(env['IDENTITY_KEY_FILE'] ?? '', 'utf8'));
  if (identityKey === undefined) throw new Error('there is no identity key');
  const key = (await readFile(local.bootstrapKeyFile, 'utf8')).trim();
  const who = { subject: 'bench', tenant: 'default', scopes: ['llm:chat'] };
  const stop = async (): Promise<void> => undefined; // With the platform.
  return {
    router: {
      ...{ name: 'router', origin: routerUrl, pids: [router], stop },
      headers: async () => ({ authorization: `Bearer ${await mintIdentityToken(identityKey, 'llm-router', who)}` }),
    },
    gateway: {
      ...{ name: 'gateway + router', origin: workloadOf(local, 'gateway').url, pids: [gateway, router], stop },
      headers: async () => ({ authorization: `Bearer ${key}` }),
    },
  };
}

function workloadOf(local: LocalPlatform, name: string): LocalWorkload {
  const found = local.workloads.find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`no ${name} is rendered`);
  return found;
}

async function writeSettings(directory: string, upstream: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const keyFile = join(directory, 'upstream-key');
  await writeFile(keyFile, 'upstream-key\n', { mode: 0o600 });
  const provider = {
    name: 'upstream',
    kind: 'openai-compatible',
    base_url: `${upstream}/v1`,
    api_key_file: keyFile,
    models: [{ name: 'fixed' }],
  };
  const price = { prompt_micros_per_million: 250_000, completion_micros_per_million: 2_000_000 };
  const prices = { version: 'bench', models: { 'upstream/fixed': price } };
  const file = join(directory, 'settings.json');
  await writeFile(file, JSON.stringify({ providers: [provider], prices, quotas }));
  return file;
}

async function startBundle(
  { workspace, args, env, url }: LocalWorkload,
  extra: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const { directory } = await freshBundle(workspace);
  return await startProgram(process.execPath, [join(directory, 'main.js'), ...args], {
    env: {
      ...env,
      NODE_ENV: 'production',
      NODE_OPTIONS: await podFlags(workspace, workspace.endsWith('/gateway') ? 'small' : 'large'),
      NODE_COMPILE_CACHE: join(dirname(directory), 'compile-cache'),
      LOG_LEVEL: 'warn',
      SHUTDOWN_DRAIN_DELAY_SECONDS: '0',
      GATEWAY_RATE_LIMIT_PER_SECOND: '1000000',
      GATEWAY_RATE_LIMIT_BURST: '2000000',
      ...extra,
    },
    readyUrl: `${url}/readyz`,
  });
}

/** Takes all spans and keeps none. */
async function startCollector(): Promise<{ url: string; close: () => void }> {
  const server = createServer((req, res) => {
    req.resume().once('end', () => res.setHeader('content-type', 'application/json').end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${String(port)}`, close };
}
