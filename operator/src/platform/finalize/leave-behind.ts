import { done } from '../../runtime/index.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';

/** Names stages of the deletion, separated by commas, that are not waited for: what is left of them stays. */
export const LEAVE_ANNOTATION = 'genaiplatform.io/leave-behind';

/** Whether somebody has said that the deletion is not to wait for this stage. */
export function isLeftBehind(stage: string, { object }: Pick<PlatformContext, 'object'>): boolean {
  const stages = object.metadata.annotations?.[LEAVE_ANNOTATION] ?? '';
  return stages.split(',').some((name) => name.trim() === stage);
}

/** A stage of the deletion that can be given up: it is tried, and what it does not bring about is left and told. */
export function escapable(step: PlatformStep): PlatformStep {
  return {
    ...step,
    async run(context) {
      if (!isLeftBehind(step.name, context)) return step.run(context);
      const left = await Promise.resolve()
        .then(() => step.run(context))
        .then(
          (result) => (result.outcome === 'done' ? undefined : result.message),
          (error: unknown) => (error as Error).message,
        );
      context.signal.throwIfAborted();
      if (left === undefined) return done();
      context.event({ type: 'Warning', reason: 'LeftBehind', message: `${step.name}: ${left}` });
      context.log.warn({ stage: step.name, left }, 'a stage of the deletion was given up, as asked');
      return done();
    },
  };
}
