import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { AdvisedError } from '../machine/advice.ts';
import type { Figure } from './figure.ts';
import type { Load } from './router/conversation.ts';
import { peerFigures, routerFigures, type RouterResults } from './router/figures.ts';
import { memoryFigures, memoryOverTime } from './router/memory.ts';
import { peers } from './router/peers/peers.ts';
import { startMeasuredPlatform } from './router/platform.ts';
import { startYardstick, type Subject } from './router/subject.ts';
import { inTurns } from './router/turns.ts';

const PARALLEL = 32;

/**
 * The router beside a bare node:http + undici proxy, and with `--peer` beside other routers, before the same upstream
 * whose answer has 580 bytes, in turns of one run: CPU time a request, requests and streams a second at 32 connections,
 * and the time that it adds until the first byte. The router runs as in its image, with identity tokens, a provider's
 * key, budgets, limits, metrics and the platform's sampler on. `--seconds` is the length of a turn; `--minutes` of load
 * go before the last look at its memory.
 */
export async function measureRouter(args: readonly string[]): Promise<Figure[]> {
  const { peer, seconds, minutes } = options(args);
  const upstream = await startYardstick('upstream', ['upstream']);
  const subjects = [upstream];
  try {
    subjects.push(await startYardstick('bare', ['proxy', `${upstream.origin}/v1`]));
    const platform = await startMeasuredPlatform(upstream.origin);
    try {
      const rivals = await startPeers(peer, upstream.origin);
      subjects.push(...rivals);
      const results = await measure([...subjects, platform.router, platform.gateway], seconds);
      const long = minutes > 0 ? await memoryOverTime(platform, minutes) : [];
      const memory = memoryFigures(platform);
      return [
        ...routerFigures(results),
        ...memory,
        ...long,
        ...rivals.flatMap(({ name }) => peerFigures(results, name)),
      ];
    } finally {
      await platform.stop();
    }
  } finally {
    await Promise.all(subjects.map(({ stop }) => stop()));
  }
}

function options(args: readonly string[]): { peer: readonly string[]; seconds: number; minutes: number } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      peer: { type: 'string', multiple: true, default: [] },
      seconds: { type: 'string', default: '4' },
      minutes: { type: 'string', default: '0' },
    },
  });
  return { peer: values.peer, seconds: Number(values.seconds), minutes: Number(values.minutes) };
}

/** Those that can be had here; of the others is said why not. */
async function startPeers(names: readonly string[], upstream: string): Promise<Subject[]> {
  const started: Subject[] = [];
  for (const name of names) {
    const start = peers[name];
    if (start === undefined) throw new AdvisedError(`there is no peer "${name}"`, Object.keys(peers).join(', '));
    try {
      started.push(await start(upstream));
    } catch (error) {
      console.error(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return started;
}

async function measure(subjects: readonly Subject[], seconds: number): Promise<RouterResults> {
  const under = async (what: string, load: Omit<Load, 'seconds'>): Promise<RouterResults['plain']> => {
    console.error(`${what}; load average ${loadavg()[0]?.toFixed(1) ?? ''}`);
    const results = await inTurns(subjects, { ...load, seconds });
    for (const [name, one] of results)
      console.error(
        `  ${name.padEnd(18)} ${one.perSecond.toFixed(0).padStart(6)}/s ${one.cpuMicros.toFixed(0).padStart(7)} us CPU  first byte ${one.firstByteMs.toFixed(2)} ms`,
      );
    return results;
  };
  return {
    plain: await under('requests', { stream: false, parallel: PARALLEL }),
    streams: await under('streams', { stream: true, parallel: PARALLEL }),
    alone: await under('streams, one at a time, an event every 10 ms', { stream: true, paced: true, parallel: 1 }),
  };
}
