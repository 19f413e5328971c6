import { OPERATOR, SYSTEM } from '../../operator/test/platform/harness/install-chart.ts';
import { World, auditPolicy } from '../../operator/test/platform/harness/world.ts';
import { References } from './references.ts';
import type { Room, Row, Verdict } from './room.ts';
import { rows } from './rows.ts';

/** Which part of the suite is run. */
export interface SuiteOptions extends Pick<Room, 'seed' | 'atOnce' | 'quick' | 'plans' | 'sample' | 'report'> {
  /** Numbers of rows; empty: all. */
  readonly only: readonly string[];
}

/** Runs rows of the plan of faults against one control plane, a namespace a plan; returns how each plan ended. */
export async function runSuite({ only, ...options }: SuiteOptions): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const world = await World.start({ auditPolicy });
  const references = new References(world, options.quick);
  await allowLeases(world);
  const report = (verdict: Verdict): void => {
    verdicts.push(verdict);
    options.report(verdict);
  };
  try {
    for (const row of rows.filter((each) => isAsked(each, only, options.plans))) {
      await row.run({ ...options, world, references, report });
    }
  } finally {
    await world.stop();
  }
  return verdicts;
}

/** The chart lets the operator use one Lease; here are many pairs of operators, each with its own. */
async function allowLeases({ plane }: World): Promise<void> {
  const root = `/apis/rbac.authorization.k8s.io/v1/namespaces/${SYSTEM}`;
  const metadata = { name: 'leases-of-plans' };
  const rules = [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'update'] }];
  await plane.request('POST', `${root}/roles`, { metadata, rules });
  await plane.request('POST', `${root}/rolebindings`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', name: OPERATOR, namespace: SYSTEM }],
  });
}

function isAsked({ number, holds }: Row, only: readonly string[], plans: readonly string[]): boolean {
  return (only.length === 0 || only.includes(number)) && (plans.length === 0 || plans.some(holds));
}
