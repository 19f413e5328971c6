import type { Deployment, Job } from '../../../src/platform/kinds.ts';
import { failedAtMs, isAvailable, isRolledOut } from '../../../src/platform/rollout.ts';
import { versionOf } from '../../../src/platform/workloads/row.ts';

function aDeployment(status: object, replicas = 2): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'acme-search', namespace: 'acme', generation: 3 },
    spec: { replicas },
    status: { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...status },
  } as unknown as Deployment;
}

test.each([
  ['all pods are of the newest template and available', {}, true],
  ['the controller has not seen the newest template', { observedGeneration: 2 }, false],
  ['pods of the old template are left', { replicas: 3 }, false],
  ['not all pods are of the newest template', { updatedReplicas: 1 }, false],
  ['a pod is not available', { availableReplicas: 1 }, false],
  ['nothing is known yet', { observedGeneration: undefined }, false],
])('a rollout where %s', (_what, status, done) => {
  expect(isRolledOut(aDeployment(status))).toBe(done);
});

test('available is what the Deployment says of itself', () => {
  expect(isAvailable(aDeployment({ conditions: [{ type: 'Available', status: 'True' }] }))).toBe(true);
  expect(isAvailable(aDeployment({ conditions: [{ type: 'Available', status: 'False' }] }))).toBe(false);
  expect(isAvailable(undefined)).toBe(false);
});

test('a Job that is about to fail has failed then already: its logs are not taken away as if that were long ago', () => {
  const at = '2026-01-02T03:04:05Z';
  const job = (...types: string[]): Job => {
    const conditions = types.map((type) => ({ type, status: 'True', lastTransitionTime: at }));
    return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'm' }, status: { conditions } } as unknown as Job;
  };
  expect(failedAtMs(job('FailureTarget'))).toBe(Date.parse(at));
  expect(failedAtMs(job('FailureTarget', 'Failed'))).toBe(Date.parse(at));
  expect(failedAtMs(job('Suspended'))).toBeUndefined();
});

test.each([
  ['ghcr.io/genai-platform/genai-platform-search:1.4.0', '1.4.0'],
  ['localhost:5000/search', 'latest'],
  ['localhost:5000/search:2', '2'],
  ['search@sha256:abc', 'sha256:abc'],
  ['localhost:5000/search:2@sha256:abc', 'sha256:abc'],
])('the version of %s is %s', (image, version) => {
  expect(versionOf(image)).toBe(version);
});
