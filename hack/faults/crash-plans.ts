import type { Fault } from '../../operator/test/harness/fault-plan.ts';
import type { Reference } from './journey.ts';
import { matchOf } from './write-names.ts';

/** One crash of the enumeration. */
export interface CrashPlan {
  /** `create/017/unanswered`: the 17th write of the reference run, taken by the API server, its reply lost. */
  readonly id: string;
  readonly scenario: string;
  /** `apply deployments acme-search` */
  readonly write: string;
  readonly fault: Fault;
  /** By its position among all writes, for a run in which this one does not come. */
  readonly spare: Fault;
}

const WRITES = ['create', 'apply', 'update', 'patch', 'delete'] as const;
// Replied: row 1, the operator knows that it has written. Unanswered: row 2, it never will.
const MOMENTS = ['replied', 'unanswered'] as const;

/** A crash right after each write of the reference run, and one before its reply. */
export function crashPlans({ scenario, writes }: Pick<Reference, 'scenario' | 'writes'>): CrashPlan[] {
  const seen = new Map<string, number>();
  return writes.flatMap((write, index) => {
    const nth = (seen.get(write) ?? 0) + 1;
    seen.set(write, nth);
    return MOMENTS.map((moment) => {
      const common = { when: 'after', times: 1, action: { type: 'crash', replied: moment === 'replied' } } as const;
      return {
        id: `${scenario.name}/${String(index + 1).padStart(3, '0')}/${moment}`,
        scenario: scenario.name,
        write: `${write} (${moment})`,
        fault: { ...common, match: matchOf(write), nth },
        spare: { ...common, match: { verb: WRITES, kind: /^(?!events|leases)/ }, nth: Math.ceil((index + 1) * 0.8) },
      };
    });
  });
}

/** Every m-th plan from the n-th, of plans in the order of scenario, verb and kind, so that each has its share. */
export function sampleOf(
  plans: readonly CrashPlan[],
  { n, m }: { readonly n: number; readonly m: number },
): CrashPlan[] {
  const strata = plans.toSorted((a, b) => compare([a.scenario, a.write, a.id], [b.scenario, b.write, b.id]));
  // Shifted by one from block to block: both moments of a crash have their share, whatever m is.
  return strata.filter((_, index) => index % m === (n - 1 + Math.floor(index / m)) % m);
}

function compare(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [a.join(' '), b.join(' ')];
  return left < right ? -1 : Number(left > right);
}
