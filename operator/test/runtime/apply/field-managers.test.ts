import { writerOf } from '../../../src/runtime/apply/field-managers.ts';
import type { LiveObject } from '../../../src/runtime/index.ts';

const replicas = [{ field: 'spec' }, { field: 'replicas' }];
const image = [{ field: 'spec' }, { field: 'containers' }, { keys: { name: 'app' } }, { field: 'image' }];

function withManagers(managedFields: object[]): LiveObject {
  return {
    apiVersion: 'v1',
    kind: 'X',
    metadata: { name: 'x', uid: 'u', resourceVersion: '1', managedFields },
  } as unknown as LiveObject;
}

const ours = {
  manager: 'us',
  time: '2026-01-01T00:00:00Z',
  fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:containers': {} } },
};

test('the writer of a field is its manager, and of several the other one', () => {
  const theirs = {
    manager: 'kubectl-edit',
    time: '2026-01-02T00:00:00Z',
    fieldsV1: { 'f:spec': { 'f:replicas': {} } },
  };
  expect(writerOf(withManagers([ours, theirs]), replicas, 'us')).toEqual({
    manager: 'kubectl-edit',
    time: theirs.time,
  });
});

test('elements of lists are found by their keys', () => {
  const theirs = {
    manager: 'setter',
    fieldsV1: { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': { 'f:image': {} } } } },
  };
  expect(writerOf(withManagers([ours, theirs]), image, 'us')).toEqual({ manager: 'setter' });
});

test('a field that was removed is laid to the one who changed its surroundings last, never to a status writer', () => {
  const controller = {
    manager: 'controller',
    subresource: 'status',
    time: '2026-01-09T00:00:00Z',
    fieldsV1: { 'f:spec': { 'f:x': {} } },
  };
  const early = { manager: 'early', time: '2026-01-02T00:00:00Z', fieldsV1: { 'f:spec': {} } };
  const late = { manager: 'late', time: '2026-01-03T00:00:00Z', fieldsV1: { 'f:spec': {} } };
  expect(writerOf(withManagers([early, controller, late]), replicas, 'us')?.manager).toBe('late');
});

test('an object without managers has no known writer', () => {
  expect(writerOf(withManagers([]), replicas, 'us')).toBeUndefined();
});
