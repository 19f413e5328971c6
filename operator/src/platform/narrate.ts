import type { Result } from '../runtime/index.ts';
import { RuntimeError } from '../runtime/index.ts';
import type { PlatformContext, PlatformStep } from './session.ts';

/** The condition that tells trouble from mere waiting. */
export const DEGRADED = 'Degraded';

/**
 * A step that also tells its story where people look first: `status.summary`, the STATUS column of `kubectl get`, and
 * `Degraded`, which is True when something is broken and not only on its way.
 */
export function narrated(step: PlatformStep): PlatformStep {
  return {
    ...step,
    async run(context) {
      try {
        const result = await step.run(context);
        if (result.outcome !== 'done') tell(context, words(step.name, result));
        return result;
      } catch (error) {
        if (context.signal.aborted) throw error; // we are stopping: that is no news about the platform
        const { message } = error as Error;
        if (error instanceof RuntimeError && error.policy.retry === 'never') {
          context.session.problems.push({ reason: error.policy.reason, message });
        }
        tell(context, `retrying ${step.name}: ${message}`);
        throw error;
      }
    },
  };
}

/** Tells that nothing is done, whatever the specification says. */
export function tellSuspended({ status }: Pick<PlatformContext, 'status'>): void {
  status.summary = 'suspended';
}

/** Tells what holds once every step is done. */
export function tellReady(context: PlatformContext): void {
  tell(context, 'ready');
}

/** Tells that an earlier revision serves in place of what is wanted, and why. */
export function tellRolledBack(context: PlatformContext, words: string): void {
  tell(context, `rolled back: ${words}`);
}

function words(name: string, { outcome, message }: Exclude<Result, { outcome: 'done' }>): string {
  return outcome === 'wait' ? `waiting for ${name}: ${message}` : `${name} needs attention: ${message}`;
}

const MAX_SUMMARY = 1_000;

function tell({ session, status, conditions }: PlatformContext, summary: string): void {
  session.story.push(summary);
  status.summary = session.story.join('; ').slice(0, MAX_SUMMARY);
  const [problem] = session.problems;
  if (problem) conditions.set({ type: DEGRADED, status: 'True', ...problem });
  else conditions.set({ type: DEGRADED, status: 'False', reason: 'AsExpected', message: 'nothing is broken' });
}
