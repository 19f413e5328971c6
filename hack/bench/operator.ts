import { parseArgs } from 'node:util';
import { restWrites } from '../../operator/test/platform/harness/rest.ts';
import type { World } from '../../operator/test/platform/harness/world.ts';
import type { Figure } from './figure.ts';
import { measureChange } from './operator/change.ts';
import { measureFirstApply } from './operator/first-apply.ts';
import { inLeanWorld } from './operator/lean-world.ts';
import { measureNoop } from './operator/noop.ts';
import { measureTakeover } from './operator/takeover.ts';
import { measureWatches } from './operator/watches.ts';

const RESYNCS = 100;

/**
 * What the operator costs, against a real API server, where readiness is answered at once.
 * @param args `--platforms N` for the writes at rest (100), `--only NAME` for one of the measurements.
 */
export async function measureOperator(args: readonly string[]): Promise<Figure[]> {
  const { values } = parseArgs({
    args: [...args],
    options: { platforms: { type: 'string', default: '100' }, only: { type: 'string', default: '' } },
  });
  const measurements: Readonly<Record<string, (world: World) => Promise<Figure[]>>> = {
    first_apply: measureFirstApply,
    per_change: measureChange,
    noop_cpu: measureNoop,
    watches: measureWatches,
    takeover: measureTakeover,
    writes_at_rest: (world) => measureRest(world, Number(values.platforms)),
  };
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(measurements)) {
    if (!name.startsWith(values.only)) continue;
    console.error(`measuring ${name}`);
    figures.push(...(await inLeanWorld(measure)));
  }
  return figures;
}

async function measureRest(world: World, platforms: number): Promise<Figure[]> {
  const { writes, resyncs } = await restWrites(world, { platforms, resyncs: RESYNCS });
  for (const write of writes) console.error(write);
  const yardstick = `${resyncs} looks at ${platforms} platforms`;
  return [{ name: 'operator.writes_at_rest', value: writes.length, unit: 'writes', yardstick }];
}
