import { Pool } from 'undici';
import { runForSeconds } from '../closed-loop.ts';
import { median } from '../figure.ts';
import { requestBody, type Load } from './conversation.ts';
import { cpuSeconds, type Subject } from './subject.ts';

/** What one subject did under one load. */
export interface Measured {
  readonly cpuMicros: number;
  readonly perSecond: number;
  /** Until the first byte of the reply's body, and until its last one. */
  readonly firstByteMs: number;
  readonly wholeMs: number;
}

export type Results = ReadonlyMap<string, Measured>;

const ROUNDS = 3;
const WARM_UP_SECONDS = 5;

/** Turns, so that what else the machine does meets all of them; of each the median. */
export async function inTurns(subjects: readonly Subject[], load: Load): Promise<Results> {
  const found = new Map<string, Measured[]>(subjects.map(({ name }) => [name, []]));
  for (const subject of subjects) await runLoad(subject, { ...load, seconds: WARM_UP_SECONDS });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of subjects) found.get(subject.name)?.push(await runLoad(subject, load));
  }
  return new Map([...found].map(([name, all]) => [name, middle(all)]));
}

function middle(all: readonly Measured[]): Measured {
  return {
    cpuMicros: median(all.map(({ cpuMicros }) => cpuMicros)),
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    firstByteMs: median(all.map(({ firstByteMs }) => firstByteMs)),
    wholeMs: median(all.map(({ wholeMs }) => wholeMs)),
  };
}

/** One turn of one subject. @throws Error where anything but a complete 200 comes back */
export async function runLoad(subject: Subject, load: Load): Promise<Measured> {
  const pool = new Pool(subject.origin, { connections: load.parallel });
  const body = requestBody(load);
  const headers = { 'content-type': 'application/json', ...(await subject.headers()) };
  const first: number[] = [];
  const before = cpuSeconds(subject);
  try {
    const { perSecond, p50Ms, count } = await runForSeconds(load.seconds, load.parallel, async () => {
      const started = performance.now();
      const reply = await pool.request({ method: 'POST', path: '/v1/chat/completions', headers, body });
      let text = '';
      for await (const chunk of reply.body) {
        if (text === '') first.push(performance.now() - started);
        text += (chunk as Buffer).toString('latin1');
      }
      assertComplete(subject.name, load, reply.statusCode, text);
    });
    const cpuMicros = ((cpuSeconds(subject) - before) / count) * 1_000_000;
    return { cpuMicros, perSecond, firstByteMs: median(first), wholeMs: p50Ms };
  } finally {
    await pool.close();
  }
}

function assertComplete(name: string, { stream }: Load, status: number, text: string): void {
  const complete = stream ? text.trimEnd().endsWith('[DONE]') : text.endsWith('}');
  if (status !== 200 || !complete) throw new Error(`${name} answered ${String(status)}: ${text.slice(0, 500)}`);
}
