import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ControlPlane } from '../harness/control-plane.ts';
import { startControlPlane } from '../harness/control-plane.ts';
import { chartPath, helm } from './helm.ts';

const SYSTEM = 'genai-system';
const DEFINITION = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/genaiplatforms.genaiplatform.io';
const PLATFORMS = '/apis/genaiplatform.io/v1alpha1/namespaces/acme/genaiplatforms';

let plane: ControlPlane;
let scratch: string;

beforeAll(async () => {
  [plane, scratch] = await Promise.all([startControlPlane(), mkdtemp(join(tmpdir(), 'genai-charts-'))]);
  // Pods that break the strictest policy would never appear.
  await createNamespace(SYSTEM, { 'pod-security.kubernetes.io/enforce': 'restricted' });
  await createNamespace('acme');
});

afterAll(async () => {
  await plane.stop();
  await rm(scratch, { recursive: true, force: true });
});

const createNamespace = (name: string, labels = {}): Promise<unknown> =>
  plane.request('POST', '/api/v1/namespaces', { metadata: { name, labels } });
const as = (kubeconfig: string, namespace: string): { kubeconfig: string; namespace: string } => ({ kubeconfig, namespace }); // prettier-ignore

async function eventually<T>(look: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 15_000; ;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** A copy of the operator's chart, of a release in which the definition has one field more. */
async function nextRelease(): Promise<string> {
  const copy = join(scratch, 'next');
  await cp(chartPath('genai-operator'), copy, { recursive: true });
  const path = join(copy, 'files', 'genaiplatform.yaml');
  const definition = parse(await readFile(path, 'utf8')) as {
    spec: { versions: { schema: { openAPIV3Schema: { properties: { spec: { properties: object } } } } }[] };
  };
  Object.assign(definition.spec.versions[0]!.schema.openAPIV3Schema.properties.spec.properties, {
    newField: { type: 'string' },
  });
  await writeFile(path, stringify(definition, { aliasDuplicateObjects: false }));
  return copy;
}

/** Runs a test with the operator installed; the release goes whatever happens, so that the next test can have its name. */
async function withOperator(run: () => Promise<void>): Promise<void> {
  await helm(['install', 'genai-operator', chartPath('genai-operator')], as(plane.kubeconfig, SYSTEM));
  try {
    await run();
  } finally {
    await helm(['uninstall', 'genai-operator', '--ignore-not-found'], as(plane.kubeconfig, SYSTEM));
  }
}

const hasNewField = async (): Promise<boolean> =>
  JSON.stringify(await plane.request('GET', DEFINITION)).includes('"newField"');

test('the life of an installation: install, upgrade, rollback, uninstall, and install again', async () => {
  const options = as(plane.kubeconfig, SYSTEM);
  await withOperator(async () => {
    expect(await helm(['get', 'notes', 'genai-operator'], options)).toContain(
      'rollout status deployment/genai-operator',
    );
    await eventually(async () => {
      const { items } = await plane.request<{ items: unknown[] }>('GET', `/api/v1/namespaces/${SYSTEM}/pods`);
      expect(items).toHaveLength(2);
    });
    const platform = ['install', 'acme', chartPath('genai-platform'), '--set', 'spec.profile=beta'];
    await helm(platform, as(plane.kubeconfig, 'acme'));
    expect(await plane.request('GET', `${PLATFORMS}/acme`)).toMatchObject({ spec: { profile: 'beta' } });

    await helm(['upgrade', 'genai-operator', await nextRelease()], options);
    expect(await hasNewField()).toBe(true);
    await helm(['rollback', 'genai-operator', '1'], options);
    expect(await hasNewField()).toBe(false);
  });
  const deployment = `/apis/apps/v1/namespaces/${SYSTEM}/deployments/genai-operator`;
  await expect(plane.request('GET', deployment)).rejects.toThrow(/404/);
  expect(await plane.request('GET', DEFINITION)).toBeDefined();
  expect(await plane.request('GET', `${PLATFORMS}/acme`)).toBeDefined();

  await withOperator(async () => {
    expect(await plane.request('GET', deployment)).toBeDefined();
  });
});

test('a platform follows its release, and goes with it unless it is to be kept', async () => {
  const options = as(plane.kubeconfig, 'acme');
  const release = (name: string, ...more: string[]): string[] => [name, chartPath('genai-platform'), ...more];
  await withOperator(async () => {
    await helm(['install', ...release('one')], options);
    await helm(['upgrade', ...release('one', '--set', 'spec.services.search.replicas=3')], options);
    const changed = { spec: { services: { search: { replicas: 3 } } } };
    expect(await plane.request('GET', `${PLATFORMS}/one`)).toMatchObject(changed);
    await helm(['rollback', 'one'], options);
    expect(await plane.request('GET', `${PLATFORMS}/one`)).not.toMatchObject(changed);
    await helm(['uninstall', 'one'], options);
    await expect(plane.request('GET', `${PLATFORMS}/one`)).rejects.toThrow(/404/);

    await helm(['install', ...release('two', '--set', 'keepOnUninstall=true')], options);
    await helm(['uninstall', 'two'], options);
    expect(await plane.request('GET', `${PLATFORMS}/two`)).toBeDefined();

    // The schema of the chart lets it pass; the rule of the definition does not.
    const exclusive = {
      spec: { profile: 'dev', services: { search: { replicas: 1, autoscaling: { maxReplicas: 3 } } } },
    };
    const refused = helm(['install', ...release('three')], { ...options, values: exclusive });
    await expect(refused).rejects.toThrow('give replicas (a fixed number) or autoscaling (bounds), not both');
  });
});

test('somebody who may do everything in one namespace, and nothing beyond, installs it there', async () => {
  await createNamespace('team');
  await plane.request('POST', '/api/v1/namespaces/team/serviceaccounts', { metadata: { name: 'owner' } });
  await plane.request('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/team/rolebindings', {
    metadata: { name: 'owner' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'owner', namespace: 'team' }],
  });
  const options = as(await plane.kubeconfigFor({ namespace: 'team', name: 'owner' }), 'team');
  const clusterWide = helm(['install', 'genai-operator', chartPath('genai-operator')], options);
  await expect(clusterWide).rejects.toThrow(/forbidden/);
  const narrow = ['--set', 'scope=namespace', '--set', 'crds.install=false'];
  await helm(['install', 'narrow', chartPath('genai-operator'), ...narrow], options);
  expect(await plane.request('GET', '/apis/apps/v1/namespaces/team/deployments/narrow-genai-operator')).toBeDefined();
  await helm(['uninstall', 'narrow'], options);
});
