import type { KubeObject, LiveObject, Result } from '../../runtime/index.ts';
import { done, mapLimit, wait } from '../../runtime/index.ts';
import type { PlatformContext } from '../session.ts';

const LOOK_AGAIN_MS = 5_000;

/** Enough to hide the latency of one call behind others. */
const PARALLEL_CALLS = 4;

/**
 * Deletes these objects and waits until they are gone; says which are still there, and what holds them. One that cannot
 * be deleted keeps none of the others. @throws the joined failures
 */
export async function removeAll(objects: readonly LiveObject[], context: PlatformContext): Promise<Result> {
  const left: string[] = [];
  await mapLimit(objects, PARALLEL_CALLS, async (object) => {
    // Foreground: an object is gone when what it controls is gone, so the next stage starts with no pod left behind.
    const outcome = await context.delete(object, { propagation: 'Foreground' });
    if (outcome === 'deleting') left.push(describe(object));
  });
  if (left.length === 0) return done();
  return wait('Deleting', `deleting ${left.sort().join(', ')}`, { afterMs: LOOK_AGAIN_MS });
}

function describe({ kind, metadata }: KubeObject): string {
  const holders = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== 'foregroundDeletion');
  return `${kind} ${metadata.name}${holders.length > 0 ? ` (held by ${holders.join(', ')})` : ''}`;
}
