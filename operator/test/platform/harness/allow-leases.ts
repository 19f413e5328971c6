import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import { OPERATOR, SYSTEM } from './install-chart.ts';

/** The chart lets the operator use one Lease; where there are many pairs of operators, each pair has its own. */
export async function allowLeases(plane: ControlPlane): Promise<void> {
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
