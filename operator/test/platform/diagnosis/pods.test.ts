import type { V1ContainerStatus } from '@kubernetes/client-node';
import { diagnosePods } from '../../../src/platform/diagnosis/pods.ts';
import type { Pod } from '../../../src/platform/kinds.ts';

function aPod(container: Partial<V1ContainerStatus>, status: Partial<Pod['status']> = {}): Pod {
  const whole = {
    name: 'search',
    image: 'ghcr.io/x/search:9',
    imageID: '',
    ready: false,
    restartCount: 3,
    ...container,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'acme-search-7d9f-abcde', namespace: 'acme' },
    status: { containerStatuses: [whole], ...status },
  };
}

const waiting = (reason: string, message?: string): Partial<V1ContainerStatus> => ({
  state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
});

test('an image that cannot be pulled is named, with the same words while pulling and while backing off', () => {
  const cause = 'failed to resolve reference "ghcr.io/x/search:9": not found';
  const pulling = diagnosePods([aPod(waiting('ErrImagePull', cause))]);
  const backingOff = diagnosePods([
    aPod(waiting('ImagePullBackOff', `Back-off pulling image "ghcr.io/x/search:9": ErrImagePull: ${cause}`)),
  ]);
  expect(pulling).toEqual({
    reason: 'ImagePullFailed',
    message: `container search: image ghcr.io/x/search:9: ${cause}`,
  });
  expect(backingOff).toEqual(pulling);
});

test('a crash is told by how the container ended and its last words, free of the back-off time', () => {
  const crashed = {
    ...waiting('CrashLoopBackOff', 'back-off 40s restarting failed container=search pod=acme-search'),
    lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'DATABASE_HOST is not set\n' } },
  };
  expect(diagnosePods([aPod(crashed)])).toEqual({
    reason: 'ContainerCrashing',
    message: 'container search: ended with exit code 1: DATABASE_HOST is not set',
  });
});

test('a container that ran out of memory says so', () => {
  const killed = { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } };
  expect(diagnosePods([aPod(killed)])?.message).toBe('container search: ended with OOMKilled, exit code 137');
});

test('a past crash of a container that is ready again is over', () => {
  const recovered = { ready: true, lastState: { terminated: { exitCode: 1 } } };
  expect(diagnosePods([aPod(recovered)])).toBeUndefined();
});

test('a missing key of a Secret is told in the words of the kubelet', () => {
  const broken = aPod(waiting('CreateContainerConfigError', 'secret "acme-identity" not found'));
  expect(diagnosePods([broken])).toEqual({
    reason: 'ContainerConfigInvalid',
    message: 'container search: secret "acme-identity" not found',
  });
});

test('a pod that no node takes carries the words of the scheduler, without its random name', () => {
  const message = '0/3 nodes are available: 3 Insufficient memory.';
  const pod = aPod({}, { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] });
  expect(diagnosePods([pod])).toEqual({
    reason: 'Unschedulable',
    message: `no node takes pod acme-search-7d9f: ${message}`,
  });
});

test('a container whose readiness probe fails after its start is told apart from one that is starting', () => {
  const running = { state: { running: {} } };
  expect(diagnosePods([aPod({ ...running, started: false })])).toBeUndefined();
  expect(diagnosePods([aPod({ ...running, started: true })])?.reason).toBe('ProbeFailing');
});

test('init containers count', () => {
  const init = {
    name: 'wait',
    image: 'x',
    imageID: '',
    ready: false,
    restartCount: 0,
    ...waiting('ErrImagePull', 'denied'),
  };
  expect(diagnosePods([aPod({}, { initContainerStatuses: [init] })])?.message).toBe('container wait: image x: denied');
});

test('the answer does not depend on the order of the pods, and the nearest cause wins', () => {
  const probe = aPod({ state: { running: {} }, started: true });
  const image = aPod(waiting('ErrImagePull', 'denied'));
  expect(diagnosePods([probe, image])).toEqual(diagnosePods([image, probe]));
  expect(diagnosePods([probe, image])?.reason).toBe('ImagePullFailed');
});

test('a pod that is being deleted has nothing to say', () => {
  const leaving = aPod(waiting('ErrImagePull', 'denied'));
  const metadata = { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };
  expect(diagnosePods([{ ...leaving, metadata }])).toBeUndefined();
});
