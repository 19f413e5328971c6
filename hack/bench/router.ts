import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestIdentity, freePort } from '@genai-platform/common/testing';
import { Pool } from 'undici';
import { sourceFlags } from '../machine/source-flags.ts';
import { runClosedLoop } from './closed-loop.ts';
import { median, significant, type Figure } from './figure.ts';

const yardstick = join(import.meta.dirname, 'router-yardstick.ts');
const routerMain = join(import.meta.dirname, '../../services/llm-router/src/main.ts');
const PARALLEL = 32;
const WARM_UP = 2_000;
const REQUESTS = 6_000;
const STREAMS = 1_000;
const ROUNDS = 3;
const TICKS_PER_SECOND = 100;

/** A process that is measured. */
interface Subject {
  readonly name: string;
  readonly url: string;
  readonly child: ChildProcess;
  readonly token: () => Promise<string>;
}

interface Measured {
  readonly cpuMicros: number;
  readonly perSecond: number;
  readonly p50Ms: number;
}

/**
 * The router beside a bare node:http + undici proxy before the same upstream, whose reply has 580 bytes, in turns of one
 * run: CPU time of the process for each request, requests and streams a second at 32 connections, and time added to one
 * request at a time. Identity tokens, decisions and metrics are on, and lines of the log at level warn.
 */
export async function measureRouter(): Promise<Figure[]> {
  const upstream = await startProgram('upstream', ['upstream']);
  const bare = await startProgram('bare', ['proxy', upstream.url]);
  const router = await startRouterProcess(upstream.url);
  const subjects = [upstream, bare, router];
  try {
    const plain = await rounds(subjects, { stream: false, requests: REQUESTS, parallel: PARALLEL });
    const streams = await rounds(subjects, { stream: true, requests: STREAMS, parallel: PARALLEL });
    const alone = await rounds(subjects, { stream: true, requests: STREAMS / 2, parallel: 1 });
    return figures(plain, streams, alone, residentMebibytes(router));
  } finally {
    for (const { child } of subjects) child.kill('SIGKILL');
  }
}

type Results = Readonly<Record<string, Measured>>;

function figures(plain: Results, streams: Results, alone: Results, memory: number): Figure[] {
  const of = (results: Results, name: string): Measured => results[name] as Measured;
  const cpu = of(plain, 'router').cpuMicros;
  const bareCpu = of(plain, 'bare').cpuMicros;
  const rate = of(plain, 'router').perSecond;
  const added = of(alone, 'router').p50Ms - of(alone, 'upstream').p50Ms;
  const share = of(streams, 'router').perSecond / of(streams, 'upstream').perSecond;
  const bareShare = of(streams, 'bare').perSecond / of(streams, 'upstream').perSecond;
  const bare = { yardstick: 'bare proxy' };
  const cpuName = `bare proxy: ${String(significant(bareCpu))} us CPU a request`;
  return [
    { name: 'router.cpu_vs_bare', value: significant(cpu / bareCpu), unit: 'times', yardstick: cpuName },
    { name: 'router.cpu_us', value: significant(cpu), unit: 'us a request' },
    {
      ...bare,
      name: 'router.requests_per_second',
      value: significant(rate),
      unit: '1/s',
      ratio: significant(rate / of(plain, 'bare').perSecond),
    },
    {
      ...bare,
      name: 'router.stream_ratio',
      value: significant(share),
      unit: 'of direct',
      ratio: significant(share / bareShare),
    },
    {
      name: 'router.ttft_added_ms',
      value: significant(added),
      unit: 'ms for a whole short stream, one at a time, p50',
    },
    { name: 'router.rss_mib', value: significant(memory), unit: 'MiB' },
  ];
}

interface Load {
  readonly stream: boolean;
  readonly requests: number;
  readonly parallel: number;
}

/** Turns, so that what else the machine does meets all of them; of each the median. */
async function rounds(subjects: readonly Subject[], load: Load): Promise<Results> {
  const found = new Map<string, Measured[]>(subjects.map(({ name }) => [name, []]));
  for (const subject of subjects) await run(subject, { ...load, requests: Math.min(WARM_UP, load.requests) });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of subjects) found.get(subject.name)?.push(await run(subject, load));
  }
  const middle = (all: readonly Measured[]): Measured => ({
    cpuMicros: median(all.map(({ cpuMicros }) => cpuMicros)),
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    p50Ms: median(all.map(({ p50Ms }) => p50Ms)),
  });
  return Object.fromEntries([...found].map(([name, all]) => [name, middle(all)]));
}

async function run(subject: Subject, { stream, requests, parallel }: Load): Promise<Measured> {
  const pool = new Pool(new URL(subject.url).origin, { connections: parallel });
  const authorization = `Bearer ${await subject.token()}`;
  const body = JSON.stringify({
    model: 'fixed',
    messages: [{ role: 'user', content: 'Hello there.' }],
    ...(stream && { stream }),
  });
  const headers = { 'content-type': 'application/json', authorization };
  const before = cpuSeconds(subject.child);
  const { perSecond, p50Ms } = await runClosedLoop(Array.from({ length: requests }), parallel, async () => {
    const reply = await pool.request({ method: 'POST', path: '/v1/chat/completions', headers, body });
    const text = await reply.body.text();
    if (reply.statusCode !== 200) throw new Error(`${subject.name} answered ${String(reply.statusCode)}: ${text}`);
  });
  const cpuMicros = ((cpuSeconds(subject.child) - before) / requests) * 1_000_000;
  await pool.close();
  return { cpuMicros, perSecond, p50Ms };
}

/** User and system time of the process (proc(5)); its own threads count too. */
function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function residentMebibytes({ child }: Subject): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8'));
  return Number(line?.[1]) / 1_024;
}

async function startProgram(name: string, args: readonly string[]): Promise<Subject> {
  const child = spawn(process.execPath, [...sourceFlags, yardstick, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { name, child, url: `http://127.0.0.1:${line.toString().trim()}/v1`, token: () => Promise.resolve('none') };
}

async function startRouterProcess(upstream: string): Promise<Subject> {
  const identity = createTestIdentity();
  const port = await freePort();
  const file = join(mkdtempSync(join(tmpdir(), 'router-bench-')), 'settings.json');
  const provider = { name: 'upstream', kind: 'openai-compatible', base_url: upstream, models: [{ name: 'fixed' }] };
  writeFileSync(file, JSON.stringify({ providers: [provider] }));
  const child = spawn(process.execPath, [...sourceFlags, routerMain], {
    env: {
      PATH: process.env['PATH'],
      SERVICE_NAME: 'llm-router',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(port),
      IDENTITY_KEY_FILE: identity.keyFile,
      LLM_SETTINGS_FILE: file,
      LLM_EMBEDDED: 'false',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${String(port)}`;
  const isReady = (): Promise<boolean> => fetch(`${url}/readyz`).then(({ ok }) => ok, () => false); // prettier-ignore
  while (child.exitCode === null && !(await isReady())) await sleep(50);
  return { name: 'router', url, child, token: () => identity.token('llm-router') };
}
