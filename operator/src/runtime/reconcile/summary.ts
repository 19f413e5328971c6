import type { Conditions, Verdict } from '../conditions.ts';
import { summaryConditions } from '../conditions.ts';
import type { Outcome } from './outcome.ts';

/**
 * States Ready, Reconciling and Stalled from how the reconcile ended, so that `kubectl wait --for=condition=Ready` and
 * kstatus (Reconciling True: in progress; Stalled True: failed) both tell the truth. All three are always present.
 */
export function summarise(conditions: Conditions, outcome: Outcome): void {
  for (const verdict of verdictsOf(outcome)) conditions.set(verdict);
  if (outcome.type !== 'suspended') return;
  // What was found last still stands; of one that was never looked at nothing is known.
  if (!conditions.get(summaryConditions.ready)) conditions.set(ready('Unknown', 'Suspended', suspendedMessage));
  if (!conditions.get(summaryConditions.stalled)) conditions.set(stalled('False', 'Suspended', suspendedMessage));
}

function verdictsOf(outcome: Outcome): readonly Verdict[] {
  switch (outcome.type) {
    case 'done':
      return [
        ready('True', 'Ready', outcome.message),
        reconciling('False', 'Settled', ''),
        stalled('False', 'Progressing', ''),
      ];
    case 'wait':
      return underWay(outcome.reason, outcome.message);
    case 'stall':
      return blocked(outcome.reason, outcome.message);
    case 'suspended':
      return [reconciling('False', 'Suspended', suspendedMessage)];
    case 'gone':
      return [];
    case 'failed':
      if (outcome.policy.silent === true) return [];
      return outcome.policy.retry === 'never'
        ? blocked(outcome.policy.reason, outcome.error.message)
        : underWay(outcome.policy.reason, outcome.error.message);
  }
}

const suspendedMessage = 'reconciliation is suspended';

function underWay(reason: string, message: string): readonly Verdict[] {
  return [ready('False', reason, message), reconciling('True', reason, message), stalled('False', 'Progressing', '')];
}

function blocked(reason: string, message: string): readonly Verdict[] {
  return [ready('False', reason, message), reconciling('False', reason, message), stalled('True', reason, message)];
}

type Status = Verdict['status'];

function ready(status: Status, reason: string, message: string): Verdict {
  return { type: summaryConditions.ready, status, reason, message };
}

function reconciling(status: Status, reason: string, message: string): Verdict {
  return { type: summaryConditions.reconciling, status, reason, message };
}

function stalled(status: Status, reason: string, message: string): Verdict {
  return { type: summaryConditions.stalled, status, reason, message };
}
