import { parseArgs } from 'node:util';
import type { World } from '../../operator/test/platform/harness/world.ts';
import type { Figure } from './figure.ts';
import { significant } from './figure.ts';
import { Fleet } from './operator/fleet.ts';
import { inLeanWorld } from './operator/lean-world.ts';

const MIB = 1024 * 1024;
/** As in the container of the chart: half of its 512 MiB is what V8 gives itself there, the other is the image's. */
const FLAGS = ['--max-old-space-size=256', '--max-semi-space-size=16'];
/** An operator that needs longer than this for one platform, others aside, has stopped. */
const LONGEST_PER_PLATFORM_MS = 4_000;

/**
 * Many platforms (profile dev) on one replica: whether all become ready, what it costs to have them at rest, and what a
 * restart writes. @param args `--platforms N` (1000), `--idle-seconds N` (60)
 */
export async function measureScale(args: readonly string[]): Promise<Figure[]> {
  const { values } = parseArgs({
    args: [...args],
    options: { platforms: { type: 'string', default: '1000' }, 'idle-seconds': { type: 'string', default: '60' } },
  });
  return inLeanWorld(async (world) => {
    const fleet = new Fleet(world, Number(values.platforms));
    try {
      return await measure(world, fleet, Number(values['idle-seconds']));
    } finally {
      await fleet.stopOperator();
    }
  });
}

async function measure(world: World, fleet: Fleet, idleSeconds: number): Promise<Figure[]> {
  const started = performance.now();
  await fleet.startOperator({ flags: FLAGS });
  await fleet.createAll();
  const converged = await fleet.allReady(60_000 + fleet.size * LONGEST_PER_PLATFORM_MS);
  const minutes = (performance.now() - started) / 60_000;
  console.error(`${converged} of ${fleet.size} are ready after ${minutes.toFixed(1)} min`);
  await pause(10_000);
  const idleCpu = await cpuPercent(fleet, idleSeconds);
  const [rss, objects] = [await fleet.metric('process_resident_memory_bytes'), await fleet.metric('cache_objects')];
  const { writes, seconds } = await restart(world, fleet);
  const yardstick = `${fleet.size} platforms, ${objects} cached objects`;
  return [
    { name: 'scale.converged', value: converged, unit: 'platforms', yardstick: `of ${fleet.size}`, ratio: converged / fleet.size }, // prettier-ignore
    { name: 'scale.converge_minutes', value: significant(minutes), unit: 'min' },
    { name: 'scale.idle_cpu', value: significant(idleCpu), unit: '% of a core', yardstick },
    { name: 'scale.rss_mib', value: Math.round(rss / MIB), unit: 'MiB', yardstick },
    { name: 'scale.cached_objects', value: objects, unit: 'objects' },
    { name: 'scale.restart_seconds', value: significant(seconds), unit: 's' },
    { name: 'scale.restart_writes', value: writes, unit: 'writes' },
  ];
}

async function cpuPercent(fleet: Fleet, seconds: number): Promise<number> {
  const before = await fleet.metric('process_cpu_seconds_total');
  await pause(seconds * 1_000);
  return (((await fleet.metric('process_cpu_seconds_total')) - before) / seconds) * 100;
}

/** Until a new process has looked at every platform; what it writes meanwhile is written for nothing. */
async function restart(world: World, fleet: Fleet): Promise<{ writes: number; seconds: number }> {
  await fleet.stopOperator();
  const before = (await world.writes()).length;
  const started = performance.now();
  await fleet.startOperator({ flags: FLAGS });
  while ((await fleet.metric('controller_runtime_reconcile_total')) < fleet.size) await pause(500);
  const seconds = (performance.now() - started) / 1_000;
  await pause(5_000);
  const writes = (await world.writes()).slice(before);
  for (const write of writes.slice(0, 20)) console.error(write);
  return { writes: writes.length, seconds };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
