import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import { template } from '../../../../test/charts/helm.ts';

/** The namespace of the operator. */
export const SYSTEM = 'genai-system';
/** The chart's ServiceAccount, and its Lease. */
export const OPERATOR = 'acme-genai-operator';

const PLURALS: Readonly<Record<string, string>> = {
  CustomResourceDefinition: 'apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  ServiceAccount: 'api/v1/serviceaccounts',
  ClusterRole: 'apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: 'apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  Role: 'apis/rbac.authorization.k8s.io/v1/roles',
  RoleBinding: 'apis/rbac.authorization.k8s.io/v1/rolebindings',
};

/** Everything of the operator's chart but what would run it: it runs in the test's process. */
export async function installChart(plane: ControlPlane): Promise<void> {
  await plane.request('POST', '/api/v1/namespaces', { metadata: { name: SYSTEM } });
  const objects = await template('genai-operator', { namespace: SYSTEM });
  for (const object of objects) {
    const plural = PLURALS[object.kind];
    if (plural === undefined) continue;
    const { namespace } = object.metadata;
    const [collection = '', resource = ''] = [plural.slice(0, plural.lastIndexOf('/')), plural.split('/').at(-1)];
    const path = namespace === undefined ? `/${plural}` : `/${collection}/namespaces/${namespace}/${resource}`;
    await plane.request('POST', path, object);
  }
  await definitionEstablished(plane);
}

async function definitionEstablished(plane: ControlPlane): Promise<void> {
  for (let left = 100; left > 0; left -= 1) {
    const served = await plane.request('GET', '/apis/genaiplatform.io/v1alpha1/genaiplatforms').then(
      () => true,
      () => false,
    );
    if (served) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the definition of GenAIPlatform is not served');
}
