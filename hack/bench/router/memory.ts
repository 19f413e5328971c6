import { setTimeout as sleep } from 'node:timers/promises';
import { significant, type Figure } from '../figure.ts';
import type { MeasuredPlatform } from './platform.ts';
import { residentMebibytes } from './subject.ts';
import { runLoad } from './turns.ts';

const TURN_SECONDS = 10;
const PARALLEL = 32;

/** Memory of the router's own process now, and of the models' processes beside it. */
export function memoryFigures({ router, modelPids }: MeasuredPlatform): Figure[] {
  const unit = 'MiB resident';
  return [
    { name: 'router.rss_mib', value: significant(residentMebibytes(router.pids)), unit },
    { name: 'router.models_rss_mib', value: significant(residentMebibytes(modelPids())), unit },
  ];
}

/**
 * Requests and streams in turn for some minutes: the most memory that the router took, and by how much more a minute in
 * the second half (a line by least squares), when all that is kept once has been.
 */
export async function memoryOverTime({ router }: MeasuredPlatform, minutes: number): Promise<Figure[]> {
  const samples: { readonly minute: number; readonly mebibytes: number }[] = [];
  const started = performance.now();
  const minute = (): number => (performance.now() - started) / 60_000;
  for (let turn = 0; minute() < minutes; turn += 1) {
    await runLoad(router, { stream: turn % 2 === 1, parallel: PARALLEL, seconds: TURN_SECONDS });
    samples.push({ minute: minute(), mebibytes: residentMebibytes(router.pids) });
    await sleep(100);
  }
  const most = Math.max(...samples.map(({ mebibytes }) => mebibytes));
  const later = samples.slice(Math.floor(samples.length / 2));
  return [
    { name: 'router.rss_most_mib', value: significant(most), unit: `MiB resident over ${String(minutes)} minutes` },
    { name: 'router.rss_slope', value: significant(slope(later)), unit: 'MiB a minute' },
  ];
}

function slope(samples: readonly { readonly minute: number; readonly mebibytes: number }[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(samples.map(({ minute }) => minute));
  const y = mean(samples.map(({ mebibytes }) => mebibytes));
  const above = samples.reduce((sum, { minute, mebibytes }) => sum + (minute - x) * (mebibytes - y), 0);
  const below = samples.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
