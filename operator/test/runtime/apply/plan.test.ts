import { planObject } from '../../../src/runtime/apply/plan.ts';
import type { OwnOptions, Plan } from '../../../src/runtime/apply/plan.ts';
import type { KubeObject, LiveObject, Ownership } from '../../../src/runtime/index.ts';
import { aWidget } from '../../harness/widget.ts';

const ownership: Ownership = {
  fieldManager: 'test-operator',
  ownerLabel: 'test.example.com/owner',
  appliedAnnotation: 'test.example.com/applied',
  finalizer: 'test.example.com/finalizer',
};

const owner = {
  ...aWidget('owner'),
  metadata: { name: 'owner', namespace: 'default', uid: 'owner-uid', resourceVersion: '1' },
};

function aConfigMap(data: Record<string, string>, namespace = 'default'): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace }, data } as KubeObject;
}

function plan(wanted: KubeObject, found?: KubeObject, options: OwnOptions = {}): Plan {
  const live = found && ({ ...found, metadata: { ...found.metadata, uid: 'u', resourceVersion: '5' } } as LiveObject);
  return planObject(wanted, live, owner, { ownership, options });
}

/** What is in the cluster after the plan was carried out. */
function afterwards(first: Plan): KubeObject {
  return structuredClone(first.body);
}

test('what was applied and is still so needs nothing', () => {
  const first = plan(aConfigMap({ a: '1' }));
  expect(first.action).toBe('create');
  expect(plan(aConfigMap({ a: '1' }), afterwards(first))).toMatchObject({ action: 'none' });
});

test('an edit by somebody else is drift; a change of what is wanted is a change, also one that only removes', () => {
  const first = plan(aConfigMap({ a: '1', b: '2' }));
  const edited = { ...afterwards(first), data: { a: '1', b: 'edited' } } as KubeObject;
  expect(plan(aConfigMap({ a: '1', b: '2' }), edited)).toMatchObject({ action: 'update', cause: 'drift' });
  expect(plan(aConfigMap({ a: '1' }), afterwards(first))).toMatchObject({
    action: 'update',
    cause: 'change',
    differences: [],
  });
});

test('the order in which a renderer builds an object is no change', () => {
  const first = plan(aConfigMap({ a: '1', b: '2' }));
  expect(plan(aConfigMap({ b: '2', a: '1' }), afterwards(first)).action).toBe('none');
});

test('applied objects carry the owner; what is retained and what lies in another namespace only by label', () => {
  const reference = { kind: 'Widget', name: 'owner', uid: 'owner-uid', controller: true };
  expect(plan(aConfigMap({})).body.metadata).toMatchObject({
    ownerReferences: [reference],
    labels: { 'test.example.com/owner': 'owner-uid' },
  });
  for (const body of [plan(aConfigMap({}), undefined, { retain: true }).body, plan(aConfigMap({}, 'elsewhere')).body]) {
    expect(body.metadata.ownerReferences).toBeUndefined();
    expect(body.metadata.labels).toEqual({ 'test.example.com/owner': 'owner-uid' });
  }
});

test('no value of a Secret is in the plan or in the digest', () => {
  const secret = (value: string): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
      data: { password: value },
    }) as KubeObject;
  const first = plan(secret('aHVudGVyMg=='));
  const second = plan(secret('b3RoZXI='), afterwards(first));
  expect(second.action).toBe('update');
  expect(second.digest).toBe(first.digest);
  expect(JSON.stringify(second.differences)).not.toMatch(/aHVudGVyMg|b3RoZXI/);
});

test('where differences are ignored, the body keeps what was found, so that the apply does not give it up', () => {
  const first = plan(aConfigMap({ a: '1', b: '2' }));
  const edited = { ...afterwards(first), data: { a: 'theirs', b: '2' } } as KubeObject;
  const second = plan(aConfigMap({ a: '1', b: '3' }), edited, { ignore: ['data.a'] });
  expect(second.body).toMatchObject({ data: { a: 'theirs', b: '3' } });
  expect(second.differences.map(({ path }) => path)).toEqual(['data.b']);
});
