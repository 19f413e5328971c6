import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { customResourceDefinition, supportedKubernetes } from '@genai-platform/crds';
import { parse } from 'yaml';
import type { Rendered } from './helm.ts';
import { chartPath, helm, refusal, template } from './helm.ts';

const CHART = 'genai-operator';
const kindsOf = (objects: readonly Rendered[]): string[] => [...new Set(objects.map(({ kind }) => kind))].sort();
const only = (objects: readonly Rendered[], kind: string): Rendered[] =>
  objects.filter((object) => object.kind === kind);
const the = (objects: readonly Rendered[], kind: string): Rendered => {
  const [object] = only(objects, kind);
  if (!object) throw new Error(`no ${kind} is rendered`);
  return object;
};
/** The environment of the operator's container by name. */
function environmentOf(objects: readonly Rendered[]): Record<string, string> {
  const [container] = the(objects, 'Deployment')['spec'].template.spec.containers;
  return Object.fromEntries(container.env.map((one: { name: string; value?: string }) => [one.name, one.value]));
}

let byDefault: Rendered[];
beforeAll(async () => {
  byDefault = await template(CHART, { namespace: 'genai-system' });
});

test('Helm finds nothing to complain about', async () => {
  expect(await helm(['lint', '--strict', chartPath(CHART)])).toContain('0 chart(s) failed');
});

test('by default it is exactly this', () => {
  expect(byDefault.filter(({ kind }) => kind !== 'CustomResourceDefinition')).toMatchSnapshot();
});

test('it supports the versions of Kubernetes that the definition supports', () => {
  const { kubeVersion } = parse(readFileSync(join(chartPath(CHART), 'Chart.yaml'), 'utf8')) as { kubeVersion: string };
  expect(kubeVersion).toBe(supportedKubernetes);
});

test('the definition is the one of crds, and no uninstall deletes it', () => {
  const definition = the(byDefault, 'CustomResourceDefinition');
  // Not toEqual: a difference would print thousands of lines, and `npm run generate` is the whole answer.
  expect(isDeepStrictEqual(definition['spec'], customResourceDefinition()['spec'])).toBe(true);
  expect(definition.metadata).toMatchObject({ annotations: { 'helm.sh/resource-policy': 'keep' } });
});

test('the definition can be left to somebody else', async () => {
  const objects = await template(CHART, { values: { crds: { install: false } } });
  expect(kindsOf(objects)).not.toContain('CustomResourceDefinition');
});

describe('scope: namespace', () => {
  const values = { scope: 'namespace', crds: { install: false } };

  test('renders no object of the whole cluster', async () => {
    const objects = await template(CHART, {
      namespace: 'acme',
      values: { ...values, watchNamespaces: ['acme', 'beta'] },
    });
    expect(kindsOf(objects).filter((kind) => kind.startsWith('Cluster'))).toEqual([]);
    expect(objects.every(({ metadata }) => metadata.namespace !== undefined)).toBe(true);
    expect(environmentOf(objects)['WATCH_NAMESPACES']).toBe('acme,beta');
  });

  test('grants in every watched namespace what the cluster-wide install grants everywhere', async () => {
    const objects = await template(CHART, { values: { ...values, watchNamespaces: ['acme', 'beta'] } });
    const roles = only(objects, 'Role').filter(({ metadata }) => !metadata.name.endsWith('leader-election'));
    const everywhere = only(byDefault, 'ClusterRole').find(({ metadata }) => metadata.name === 'acme-genai-operator');
    expect(roles.map(({ metadata }) => metadata.namespace)).toEqual(['acme', 'beta']);
    for (const { rules } of roles) expect(rules).toEqual(everywhere?.['rules']);
  });

  test('without a list it looks after its own namespace', async () => {
    const objects = await template(CHART, { namespace: 'acme', values });
    expect(environmentOf(objects)['WATCH_NAMESPACES']).toBe('acme');
  });
});

test('cluster-wide with a list it is bound in those namespaces only', async () => {
  const objects = await template(CHART, { values: { watchNamespaces: ['beta'] } });
  expect(only(objects, 'ClusterRoleBinding')).toEqual([]);
  const bindings = only(objects, 'RoleBinding').filter(({ roleRef }) => roleRef.kind === 'ClusterRole');
  expect(bindings.map(({ metadata }) => metadata.namespace)).toEqual(['beta']);
});

test('no rule has a wildcard', () => {
  const rules = byDefault.filter(({ kind }) => kind.endsWith('Role')).flatMap((role) => role['rules'] as object[]);
  expect(rules.length).toBeGreaterThan(0);
  expect(JSON.stringify(rules)).not.toContain('*');
});

test('no account of another pod gets a token of the operator', () => {
  expect(the(byDefault, 'ServiceAccount')['automountServiceAccountToken']).toBe(false);
});

test('an image may come from elsewhere, by tag or by digest', async () => {
  const imageOf = (objects: Rendered[]): string => the(objects, 'Deployment')['spec'].template.spec.containers[0].image;
  const digest = `sha256:${'a'.repeat(64)}`;
  const image = { registry: 'registry.example.com/mirror', tag: '9.9.9' };
  expect(imageOf(await template(CHART, { values: { image } }))).toBe(
    'registry.example.com/mirror/genai-platform-operator:9.9.9',
  );
  const pinned = await template(CHART, { values: { image: { ...image, digest } } });
  expect(imageOf(pinned)).toBe(`registry.example.com/mirror/genai-platform-operator@${digest}`);
  expect(environmentOf(pinned)['DEFAULT_IMAGE_REGISTRY']).toBe('registry.example.com/mirror');
});

test('a ServiceMonitor scrapes the metrics Service', async () => {
  const values = { metrics: { serviceMonitor: { enabled: true, labels: { release: 'prometheus' } } } };
  const objects = await template(CHART, { values });
  const monitor = the(objects, 'ServiceMonitor');
  const service = the(objects, 'Service');
  expect(monitor.metadata).toMatchObject({ labels: { release: 'prometheus' } });
  expect(service.metadata['labels']).toMatchObject(monitor['spec'].selector.matchLabels);
  expect(service['spec'].ports.map(({ name }: { name: string }) => name)).toContain(monitor['spec'].endpoints[0].port);
});

test.each([
  ['a value that does not exist', { replica: 3 }, `additional properties 'replica' not allowed`],
  ['a scope that does not exist', { scope: 'galaxy' }, `at '/scope': value must be one of 'cluster', 'namespace'`],
  ['text for a number', { replicas: 'two' }, `at '/replicas': got string, want integer`],
  ['a namespace that cannot be one', { watchNamespaces: ['A_B'] }, `at '/watchNamespaces/0'`],
  ['half a digest', { image: { digest: 'sha256:abc' } }, `at '/image/digest'`],
  [
    'two replicas that do not elect',
    { leaderElection: { enabled: false } },
    'replicas above 1 need leaderElection.enabled',
  ],
  [
    'a ServiceMonitor without its Service',
    { metrics: { service: { enabled: false }, serviceMonitor: { enabled: true } } },
    'needs metrics.service.enabled',
  ],
])('refuses %s', async (_what, values, words) => {
  expect(await refusal(CHART, values)).toContain(words);
});
