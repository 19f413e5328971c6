import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDatabases } from '../databases/databases.ts';
import { startLocalPlatform, type LocalWorkload } from '../development/local-platform.ts';
import { developmentPlatform } from '../development/platform.ts';
import { runFromSource } from '../development/source-process.ts';
import { freshBundle } from '../image/fresh-bundle.ts';
import { describeCheckout, statePath } from '../machine/checkout.ts';
import { exec } from '../machine/exec.ts';
import { median, significant, type Figure } from './figure.ts';

const rounds = 7;
const startTimeoutMs = 60_000;
const yardstick = 'node -e 0, from start to end';

/**
 * From the start of each service's process to its first `/readyz` with 200, as it starts in its image: the bundle, with
 * compiled code kept, and a real database and cache. The median of 7 rounds, in milliseconds.
 */
export async function measureServiceStart(names: readonly string[]): Promise<Figure[]> {
  const programs = await ensureDatabases();
  const directory = statePath(describeCheckout(), 'bench', 'files');
  const platform = benchPlatform(names);
  const local = await startLocalPlatform({ platform, programs, directory });
  try {
    for (const group of local.jobs) await Promise.all(group.map((job) => runFromSource(job, console.error)));
    const plain = await repeat(() => timed(() => exec(process.execPath, ['-e', '0'])));
    const figures: Figure[] = [];
    for (const workload of local.workloads) figures.push(await measure(workload, plain));
    return figures;
  } finally {
    await local.stop();
  }
}

function benchPlatform(names: readonly string[]): ReturnType<typeof developmentPlatform> {
  const platform = developmentPlatform(names);
  return { ...platform, metadata: { ...platform.metadata, name: 'bench' } };
}

async function measure(workload: LocalWorkload, plainMs: number): Promise<Figure> {
  const { directory } = await freshBundle(workload.workspace);
  const env = {
    ...workload.env,
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: join(dirname(directory), 'compile-cache'),
    SHUTDOWN_DRAIN_DELAY_SECONDS: '0',
    LOG_LEVEL: 'warn',
  };
  const main = join(directory, 'main.js');
  await startOnce(main, workload, env); // Fills the cache of compiled code, as the image's build does.
  const value = await repeat(() => startOnce(main, workload, env));
  const name = `service.start_to_ready_ms.${workload.name}`;
  return { name, value: significant(value), unit: 'ms', yardstick, ratio: significant(value / plainMs) };
}

async function repeat(round: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let count = 0; count < rounds; count += 1) values.push(await round());
  return median(values);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function startOnce(main: string, { args, url, name }: LocalWorkload, env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    while (!(await isReady(url))) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${String(child.exitCode)} before it was ready`);
      if (performance.now() - started > startTimeoutMs) throw new Error(`${name} was not ready within a minute`);
      await sleep(2);
    }
    return performance.now() - started;
  } finally {
    await end(child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/** Cheaper than `fetch`: what asks shares the cores with what starts. */
function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${url}/readyz`, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => {
      resolve(false);
    });
  });
}
