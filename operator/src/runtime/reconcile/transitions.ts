import type { Transition } from '../conditions.ts';
import { summaryConditions } from '../conditions.ts';
import type { EventInput } from '../step.ts';
import type { Outcome } from './outcome.ts';

/** Reconciling and Stalled repeat what Ready and the step's own condition say. */
const unsaid: ReadonlySet<string> = new Set([summaryConditions.reconciling, summaryConditions.stalled]);

/** The events that tell a reader what changed, one for each condition whose status or reason moved. */
export function eventsOf(transitions: readonly Transition[], outcome: Outcome): EventInput[] {
  const trouble = reasonOfTrouble(outcome);
  return transitions
    .filter(({ to }) => !unsaid.has(to.type) && to.status !== 'Unknown')
    .map(({ to }) => ({
      type: to.status === 'False' && to.reason === trouble ? 'Warning' : 'Normal',
      reason: to.reason,
      message: to.message === '' ? `${to.type} is ${to.status}` : `${to.type}: ${to.message}`,
    }));
}

function reasonOfTrouble(outcome: Outcome): string | undefined {
  if (outcome.type === 'stall') return outcome.reason;
  return outcome.type === 'failed' ? outcome.policy.reason : undefined;
}
