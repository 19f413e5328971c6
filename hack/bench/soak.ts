import { readdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Fault } from '../../operator/test/harness/fault-plan.ts';
import { FaultProxy } from '../../operator/test/harness/fault-proxy.ts';
import { seededDice } from '../../operator/test/harness/seeded-dice.ts';
import { writeProxyKubeconfig } from '../../operator/test/platform/harness/proxy-kubeconfig.ts';
import type { World } from '../../operator/test/platform/harness/world.ts';
import { freePort } from '../../test/harness/control-plane/ports.ts';
import type { Figure } from './figure.ts';
import { significant } from './figure.ts';
import { Fleet } from './operator/fleet.ts';
import { inLeanWorld } from './operator/lean-world.ts';
import { liveHeapBytes } from './operator/live-heap.ts';

const MIB = 1024 * 1024;
const ROUND_MS = 30_000;

const FAULTS: readonly Fault[] = [
  { match: {}, when: 'before', chance: 0.15, action: { type: 'status', code: 500 } },
  { match: {}, when: 'before', chance: 0.15, action: { type: 'status', code: 503 } },
  { match: {}, when: 'before', chance: 0.3, action: { type: 'status', code: 429, retryAfterSeconds: 1 } },
  { match: {}, when: 'before', chance: 0.1, action: { type: 'reset' } },
  { match: {}, when: 'after', chance: 0.1, action: { type: 'reset' } },
  { match: {}, when: 'after', chance: 0.5, action: { type: 'delay', ms: 500 } },
  { match: { verb: 'watch' }, when: 'before', chance: 0.5, action: { type: 'status', code: 410, reason: 'Expired' } },
  { match: { verb: 'apply' }, when: 'before', chance: 0.3, action: { type: 'status', code: 409, reason: 'Conflict' } },
];

interface Sample {
  readonly hours: number;
  readonly rssMib: number;
  /** In use once garbage has been collected. */
  readonly heapMib: number;
  readonly sockets: number;
  readonly timers: number;
}

const NOTHING: Sample = { hours: 0, rssMib: 0, heapMib: 0, sockets: 0, timers: 0 };

/**
 * Platforms that change, behind a proxy with another random fault every half minute: whether memory, sockets and queue
 * are in the end what they were. @param args `--minutes N` (60), `--platforms N` (100), `--seed N` (1)
 */
export async function measureSoak(args: readonly string[]): Promise<Figure[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '60' },
      platforms: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
    },
  });
  return inLeanWorld(async (world) => {
    const { url, caPem, admin } = world.plane;
    const proxy = await FaultProxy.start({ url, caPem, admin }, Number(values.seed));
    const fleet = new Fleet(world, Number(values.platforms));
    try {
      return await soak({ world, proxy, fleet }, Number(values.minutes), seededDice(Number(values.seed)));
    } finally {
      await fleet.stopOperator();
      await proxy.stop();
    }
  });
}

interface Soaked {
  readonly world: World;
  readonly proxy: FaultProxy;
  readonly fleet: Fleet;
}

async function soak({ world, proxy, fleet }: Soaked, minutes: number, dice: () => number): Promise<Figure[]> {
  const inspector = await freePort();
  const operator = await fleet.startOperator({
    kubeconfig: await writeProxyKubeconfig(world, proxy),
    flags: [`--inspect=127.0.0.1:${String(inspector)}`],
  });
  await fleet.createAll();
  await fleet.allReady(60_000 + fleet.size * 4_000);
  const samples: Sample[] = [];
  const started = Date.now();
  while (Date.now() - started < minutes * 60_000) {
    const fault = FAULTS[Math.floor(dice() * FAULTS.length)];
    if (fault) proxy.inject(fault);
    await proxy.breakOpen({}, { type: dice() < 0.5 ? 'reset' : 'close' });
    for (let change = 0; change < 5; change += 1) await changeOne(fleet, dice);
    await pause(ROUND_MS / 2);
    proxy.heal();
    // What has been asked for an hour long is not the proxy's to remember.
    proxy.requests.length = 0;
    await pause(ROUND_MS / 2);
    samples.push(await sample({ pid: operator.pid, inspector, fleet, started }));
    console.error(JSON.stringify({ fault: fault?.action, ...samples.at(-1) }));
  }
  const converged = await fleet.allReady(300_000);
  await pause(5_000);
  return figures(samples, { converged, size: fleet.size, depth: await fleet.metric('workqueue_depth') });
}

interface Watched {
  readonly pid: number;
  readonly inspector: number;
  readonly fleet: Fleet;
  readonly started: number;
}

/** First what is in use: what is resident depends on when garbage was collected. */
async function sample({ pid, inspector, fleet, started }: Watched): Promise<Sample> {
  const heapMib = (await liveHeapBytes(inspector)) / MIB;
  return {
    heapMib,
    hours: (Date.now() - started) / 3_600_000,
    rssMib: (await fleet.metric('process_resident_memory_bytes')) / MIB,
    sockets: await socketsOf(pid),
    timers: await fleet.metric('nodejs_active_resources', 'Timeout'),
  };
}

async function changeOne(fleet: Fleet, dice: () => number): Promise<void> {
  const replicas = 1 + Math.floor(dice() * 3);
  await fleet.apply(Math.floor(dice() * fleet.size), { profile: 'dev', services: { search: { replicas } } });
}

function figures(samples: readonly Sample[], end: { converged: number; size: number; depth: number }): Figure[] {
  // The first quarter fills pools, compiles and warms up.
  const steady = samples.slice(Math.floor(samples.length / 4));
  const [first = NOTHING, last = NOTHING] = [steady[0], steady.at(-1)];
  const yardstick = `over ${steady.length} samples, ${Math.round(first.rssMib)} to ${Math.round(last.rssMib)} MiB`;
  const heap = `in use after a collection: ${Math.round(first.heapMib)} to ${Math.round(last.heapMib)} MiB`;
  const before = (count: number): string => `${count} after warming up`;
  return [
    { name: 'soak.rss_slope_mib_h', value: significant(slope(steady, 'rssMib')), unit: 'MiB/h', yardstick },
    { name: 'soak.heap_slope_mib_h', value: significant(slope(steady, 'heapMib')), unit: 'MiB/h', yardstick: heap },
    { name: 'soak.sockets', value: last.sockets, unit: 'sockets', yardstick: before(first.sockets) },
    { name: 'soak.timers', value: last.timers, unit: 'timers', yardstick: before(first.timers) },
    { name: 'soak.queue_depth', value: end.depth, unit: 'keys' },
    { name: 'soak.converged', value: end.converged, unit: 'platforms', yardstick: `of ${end.size}` },
  ];
}

/** Of the straight line with the least squares, in MiB an hour. */
function slope(samples: readonly Sample[], of: 'rssMib' | 'heapMib'): number {
  const mean = (value: (sample: Sample) => number): number =>
    samples.reduce((sum, each) => sum + value(each), 0) / samples.length;
  const [x, y] = [mean(({ hours }) => hours), mean((sample) => sample[of])];
  const covariance = mean((sample) => (sample.hours - x) * (sample[of] - y));
  return covariance / mean(({ hours }) => (hours - x) ** 2);
}

async function socketsOf(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
