import { asError, policyOf } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import type { Result } from '../result.ts';
import type { Step, StepContext } from '../step.ts';
import type { ConditionStatus } from '../conditions.ts';

/** Runs one step and states its condition, also when it fails. @throws what the step throws. */
export async function runStep<T extends KubeObject, X extends object>(
  step: Step<T, X>,
  context: StepContext<T> & X,
): Promise<Result> {
  try {
    context.signal.throwIfAborted();
    const result = await step.run(context);
    state(step, context, verdictOf(result));
    return result;
  } catch (error) {
    const policy = policyOf(error);
    if (policy.silent !== true) {
      state(step, context, { status: 'False', reason: policy.reason, message: asError(error).message });
    }
    throw error;
  }
}

interface StepVerdict {
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

function verdictOf(result: Result): StepVerdict {
  if (result.outcome !== 'done') return { status: 'False', reason: result.reason, message: result.message };
  return { status: 'True', reason: result.reason ?? 'Succeeded', message: result.message ?? '' };
}

function state<T extends KubeObject>(
  step: Pick<Step<T>, 'condition'>,
  context: Pick<StepContext<T>, 'conditions'>,
  verdict: StepVerdict,
): void {
  if (step.condition !== undefined) context.conditions.set({ type: step.condition, ...verdict });
}
