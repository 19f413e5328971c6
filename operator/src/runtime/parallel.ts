import { joinErrors } from './errors.ts';
import type { KubeObject } from './object.ts';
import { runStep } from './reconcile/run-step.ts';
import type { Result, Wait } from './result.ts';
import { done, stall } from './result.ts';
import type { Step } from './step.ts';

/**
 * One step made of independent ones: all run, each states its own condition, and none hides another's failure.
 * A failure outweighs a stall, a stall a wait (of which the soonest counts), a wait done.
 */
export function parallel<T extends KubeObject, X extends object = object>(
  steps: readonly Step<T, X>[],
): Step<T, X> & { readonly branches: readonly Step<T, X>[] } {
  return {
    name: steps.map((step) => step.name).join('+'),
    branches: steps,
    async run(context) {
      const settled = await Promise.allSettled(steps.map((step) => runStep(step, context)));
      const failures = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      if (failures.length > 0) throw joinErrors(failures);
      return weigh(settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
    },
  };
}

function weigh(results: readonly Result[]): Result {
  const stalled = results.filter((result) => result.outcome === 'stall');
  const waiting = results.filter((result) => result.outcome === 'wait');
  const first = stalled[0];
  if (first) return stall(first.reason, stalled.map((result) => result.message).join('; '));
  return soonest(waiting) ?? done();
}

function soonest(waiting: readonly Wait[]): Wait | undefined {
  const first = waiting[0];
  if (!first) return undefined;
  const afterMs = Math.min(...waiting.map((result) => result.afterMs));
  return { ...first, message: waiting.map((result) => result.message).join('; '), afterMs };
}
