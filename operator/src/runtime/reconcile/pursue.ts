import type { KubeObject } from '../object.ts';
import type { Done, Stall, Wait } from '../result.ts';
import type { Step, StepContext } from '../step.ts';
import type { Outcome } from './outcome.ts';
import { runStep } from './run-step.ts';

/** Of a step that has never had its turn. */
const pendingReason = 'Pending';

/** Runs steps in order until one is not done. @throws what a step throws. */
export async function pursue<T extends KubeObject>(
  steps: readonly Step<T>[],
  context: StepContext<T>,
): Promise<Outcome> {
  let last: Done | undefined;
  for (const [index, step] of steps.entries()) {
    let reached = false;
    try {
      const result = await runStep(step, context);
      if (result.outcome !== 'done') return outcomeOf(result);
      last = result;
      reached = true;
    } finally {
      if (!reached) {
        markPending(steps.slice(index + 1), step, context);
        await keep(steps.slice(index + 1), context);
      }
    }
  }
  return { type: 'done', message: last?.message ?? '' };
}

function outcomeOf(result: Wait | Stall): Outcome {
  const { outcome: type, reason, message } = result;
  return type === 'wait' ? { type, reason, message, afterMs: result.afterMs } : { type, reason, message };
}

/** Steps that never had their turn say what they wait for; those that had keep what they found then. */
function markPending<T extends KubeObject>(later: readonly Step<T>[], before: Step<T>, context: StepContext<T>): void {
  for (const { condition } of later.flatMap(withBranches)) {
    if (condition === undefined) continue;
    const known = context.conditions.get(condition);
    if (known && known.reason !== pendingReason) continue;
    const message = `waits for ${before.name}`;
    context.conditions.set({ type: condition, status: 'Unknown', reason: pendingReason, message });
  }
}

/** What the steps to come made earlier is kept meanwhile: drift of theirs does not wait for what has nothing to do with it. */
async function keep<T extends KubeObject>(later: readonly Step<T>[], context: StepContext<T>): Promise<void> {
  for (const step of later.flatMap(withBranches)) {
    if (context.signal.aborted) return;
    try {
      await step.keep?.(context);
    } catch (err) {
      if (!context.signal.aborted)
        context.log.warn({ err, step: step.name }, 'what a later step made could not be kept');
    }
  }
}

function withBranches<T extends KubeObject>(
  step: Step<T> & { readonly branches?: readonly Step<T>[] },
): readonly Step<T>[] {
  return step.branches ? step.branches.flatMap(withBranches) : [step];
}
