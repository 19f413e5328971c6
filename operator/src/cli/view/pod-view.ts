import { diagnosePods } from '../../platform/diagnosis/pods.ts';
import type { Pod } from '../../platform/kinds.ts';
import type { LiveObject } from '../../runtime/index.ts';

/** How something stands: it works, it is on its way, it needs somebody. */
export type Health = 'good' | 'busy' | 'bad';

/** A pod as people look at it. */
export interface PodView {
  readonly name: string;
  readonly health: Health;
  readonly phase: string;
  readonly restarts: number;
  /** What it says of itself, of one that is not ready. */
  readonly message?: string;
}

/** What is to be seen of a pod, with its own words where it does not work. */
export function podView(pod: LiveObject<Pod>): PodView {
  const { metadata, status } = pod;
  const trouble = diagnosePods([pod]);
  const phase = metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Unknown') : 'Terminating';
  const restarts = (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
  const health = isWell(pod, phase) ? 'good' : healthOf(phase, trouble !== undefined);
  const message = trouble && `${trouble.reason}: ${trouble.message}`;
  return { name: metadata.name, health, phase, restarts, ...(message !== undefined && { message }) };
}

function isWell({ status }: Pod, phase: string): boolean {
  const isReady = status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True') ?? false;
  return isReady || phase === 'Succeeded';
}

function healthOf(phase: string, troubled: boolean): Health {
  return troubled || phase === 'Failed' ? 'bad' : 'busy';
}
