import type { KubernetesObject, PlatformInput } from '@genai-platform/cdk8s';
import { objectsOf, render } from '@genai-platform/cdk8s';
import { api, customResourceDefinition } from '@genai-platform/crds';
import fc from 'fast-check';
import type { ControlPlane } from '../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../test/harness/control-plane.ts';
import { examples } from '../builders/examples.ts';
import { observedFor } from '../builders/platform.ts';
import { podMakers } from '../builders/pods.ts';
import { randomPlatform } from '../builders/random-platform.ts';
import { foreignDefinitions } from './foreign-definitions.ts';

let plane: ControlPlane;
let serial = 0;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  const definitions = [customResourceDefinition(), ...foreignDefinitions];
  await Promise.all(definitions.map((body) => plane.request('POST', pathOf('CustomResourceDefinition'), body)));
  await plane.request('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', {
    metadata: { name: 'high' },
    value: 1000,
  });
  const served = [
    'genaiplatform.io/v1alpha1/genaiplatforms',
    'gateway.networking.k8s.io/v1/httproutes',
    'cert-manager.io/v1/certificates',
    'external-secrets.io/v1/externalsecrets',
  ];
  await Promise.all(served.map((path) => untilAnswers(`/apis/${path}`)));
});

afterAll(async () => {
  await plane.stop();
});

async function untilAnswers(path: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await plane.request('GET', path);
      return;
    } catch (error) {
      if (attempt === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Where the API server keeps objects of each kind that is rendered. */
const collections: Readonly<Record<string, string>> = {
  ConfigMap: '/api/v1 configmaps',
  PersistentVolumeClaim: '/api/v1 persistentvolumeclaims',
  Pod: '/api/v1 pods',
  Secret: '/api/v1 secrets',
  Service: '/api/v1 services',
  ServiceAccount: '/api/v1 serviceaccounts',
  Deployment: '/apis/apps/v1 deployments',
  StatefulSet: '/apis/apps/v1 statefulsets',
  HorizontalPodAutoscaler: '/apis/autoscaling/v2 horizontalpodautoscalers',
  Job: '/apis/batch/v1 jobs',
  Certificate: '/apis/cert-manager.io/v1 certificates',
  ExternalSecret: '/apis/external-secrets.io/v1 externalsecrets',
  CustomResourceDefinition: '/apis/apiextensions.k8s.io/v1 customresourcedefinitions',
  GenAIPlatform: `/apis/${api.apiVersion} ${api.plural}`,
  HTTPRoute: '/apis/gateway.networking.k8s.io/v1 httproutes',
  Ingress: '/apis/networking.k8s.io/v1 ingresses',
  NetworkPolicy: '/apis/networking.k8s.io/v1 networkpolicies',
  PodDisruptionBudget: '/apis/policy/v1 poddisruptionbudgets',
};

function pathOf(kind: string, namespace?: string): string {
  const [group, resource] = collections[kind]?.split(' ') ?? [];
  if (group === undefined) throw new Error(`the test knows no path for ${kind}`);
  return namespace === undefined ? `${group}/${resource}` : `${group}/namespaces/${namespace}/${resource}`;
}

/** A namespace that admits only pods of the policy `restricted`, and the platform moved into it. */
async function inNewNamespace({ metadata, spec }: PlatformInput): Promise<PlatformInput> {
  const namespace = `n-${(serial += 1)}`;
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await plane.request('POST', '/api/v1/namespaces', { metadata: { name: namespace, labels } });
  return { metadata: { ...metadata, namespace }, spec };
}

/** Applies an object as the operator does, with unknown fields refused; returns the version that is stored. */
async function apply(object: KubernetesObject): Promise<string> {
  const path = `${pathOf(object.kind, object.metadata.namespace)}/${object.metadata.name}`;
  const stored = await plane.request<{ metadata: { resourceVersion: string } }>(
    'PATCH',
    `${path}?fieldManager=genai-operator&fieldValidation=Strict`,
    { contentType: 'application/apply-patch+yaml', text: JSON.stringify(object) },
  );
  return stored.metadata.resourceVersion;
}

/** Everything that a platform becomes is applied, again and again, and each of its pods is asked for. */
async function isAdmitted(given: PlatformInput): Promise<void> {
  const platform = await inNewNamespace(given);
  const { name, namespace } = platform.metadata;
  const body = { apiVersion: api.apiVersion, kind: api.kind, metadata: { name }, spec: platform.spec };
  await plane.request('POST', `${pathOf(api.kind, namespace)}?dryRun=All&fieldValidation=Strict`, body);
  const objects = objectsOf(render(platform, observedFor(platform)));
  for (const object of objects) {
    await apply(object);
    // A claim, once, is stored a second time: the API server fills in its phase after the first.
    const version = await apply(object);
    expect([object.kind, await apply(object)]).toEqual([object.kind, version]);
  }
  for (const { template } of podMakers(objects)) {
    const pod = { ...template, metadata: { ...template.metadata, generateName: 'p-' } };
    await plane.request('POST', `${pathOf('Pod', namespace)}?dryRun=All&fieldValidation=Strict`, pod);
  }
}

describe('the API server takes everything, and applying it again writes nothing', () => {
  test.each(Object.entries(examples))('%s', async (_name, platform) => {
    await isAdmitted(platform);
  });

  test('any valid platform', async () => {
    await fc.assert(fc.asyncProperty(randomPlatform, isAdmitted), { numRuns: 15, endOnFailure: true });
  });
});

test('a pod that asks for more is not admitted there', async () => {
  const { metadata } = await inNewNamespace(examples['dev'] as PlatformInput);
  await plane.request('POST', pathOf('ServiceAccount', metadata.namespace), { metadata: { name: 'default' } });
  const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  await expect(plane.request('POST', pathOf('Pod', metadata.namespace), pod)).rejects.toThrow('violates PodSecurity');
});
