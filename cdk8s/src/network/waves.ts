import type { WorkloadSettings } from '../settings/workload-settings.ts';

/**
 * The workloads in waves: each one after all that it calls, so that what starts finds what it needs.
 * @throws Error when workloads call each other in a circle
 */
export function wavesOf(workloads: readonly WorkloadSettings[]): WorkloadSettings[][] {
  const waves: WorkloadSettings[][] = [];
  let waiting = [...workloads];
  while (waiting.length > 0) {
    const wave = waiting.filter((workload) => !waiting.some((other) => calls(workload, other)));
    if (wave.length === 0) {
      throw new Error(`these workloads call each other: ${waiting.map(({ entry }) => entry.name).join(', ')}`);
    }
    waves.push(wave);
    waiting = waiting.filter((workload) => !wave.includes(workload));
  }
  return waves;
}

function calls({ entry }: WorkloadSettings, { entry: other }: WorkloadSettings): boolean {
  return entry !== other && (entry.calls === '*' || entry.calls.includes(other.name));
}
