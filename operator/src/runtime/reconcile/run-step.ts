import type { KubeObject } from '../object.ts';
import type { Result } from '../result.ts';
import type { Step, StepContext } from '../step.ts';

/** Runs one step. */
export async function runStep<T extends KubeObject, X extends object>(
  step: Step<T, X>,
  context: StepContext<T> & X,
): Promise<Result> {
  return step.run(context);
}
