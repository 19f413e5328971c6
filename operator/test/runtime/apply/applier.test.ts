import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../../test/harness/control-plane.ts';
import { keyOf } from '../../../src/runtime/index.ts';
import type { ApplyOptions, KubeObject, LiveObject } from '../../../src/runtime/index.ts';
import { ImmutableField, NameConflict } from '../../../src/runtime/index.ts';
import type { Applied } from '../../../src/runtime/index.ts';
import { builtIn } from '../../harness/kinds.ts';
import { FaultProxy } from '../../harness/fault-proxy.ts';
import { typicalObjects } from '../../harness/typical-objects.ts';
import { until } from '../../harness/until.ts';
import type { ConfigMap } from '../../harness/widget.ts';
import { Workbench, testOwnership } from '../../harness/workbench.ts';

let plane: ControlPlane;
let proxy: FaultProxy;
let bench: Workbench;
let owner: LiveObject;
let names = 0;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  proxy = await FaultProxy.start({ url: plane.url, caPem: plane.caPem, admin: plane.admin });
  owner = await plane.request<LiveObject>('POST', '/api/v1/namespaces/default/configmaps', {
    metadata: { name: 'owner' },
  });
  owner = { ...owner, apiVersion: 'v1', kind: 'ConfigMap' };
});

afterAll(async () => {
  await proxy.stop();
  await plane.stop();
});

beforeEach(async () => {
  bench = await Workbench.open(proxy.cluster, Object.values(builtIn));
});

afterEach(async () => {
  proxy.heal();
  await bench.close();
});

function aName(): string {
  names += 1;
  return `object-${names}`;
}

function aConfigMap(name: string, data: Record<string, string>): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data };
}

async function apply(objects: readonly KubeObject[], options: ApplyOptions = {}): Promise<Applied[]> {
  return bench.applier.apply(objects, options, bench.errand(owner));
}

const path = (name: string): string => `/api/v1/namespaces/default/configmaps/${name}`;

function read(name: string): Promise<ConfigMap> {
  return plane.request('GET', path(name));
}

async function edit(name: string, patch: object, manager = 'somebody'): Promise<void> {
  const contentType = 'application/merge-patch+json';
  await plane.request('PATCH', `${path(name)}?fieldManager=${manager}`, { contentType, text: JSON.stringify(patch) });
}

/** Until the cache shows this value. */
async function seen(name: string, key: string, value: string | undefined): Promise<void> {
  const store = bench.cache.store<ConfigMap>(builtIn.configMaps);
  await until(() => store.get({ namespace: 'default', name })?.data?.[key] === value, `${name}.${key} is ${value}`);
}

test('applying the same again writes nothing, for every kind, also in a new process with new caches', async () => {
  expect((await apply(typicalObjects)).map(({ action }) => action)).toEqual(typicalObjects.map(() => 'created'));
  bench.takeCalls();
  await apply(typicalObjects);
  expect(bench.takeCalls()).toEqual([]);
  await bench.close();
  bench = await Workbench.open(proxy.cluster, Object.values(builtIn));
  bench.takeCalls();
  expect((await apply(typicalObjects)).filter(({ action }) => action !== 'unchanged')).toEqual([]);
  expect(bench.takeCalls()).toEqual([]);
  expect(bench.idle).toEqual([]);
});

test('what is applied can be read at once, before any watch brings it', async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1' })]);
  expect(bench.cache.store<ConfigMap>(builtIn.configMaps).get({ namespace: 'default', name })?.data).toEqual({
    a: '1',
  });
});

test('an edit is undone and laid to its author; what others added stays', async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1', b: '2' })]);
  await edit(name, { data: { a: 'edited', theirs: 'x' } }, 'kubectl-edit');
  await seen(name, 'a', 'edited');
  const [applied] = await apply([aConfigMap(name, { a: '1', b: '2' })]);
  expect(applied).toMatchObject({
    action: 'updated',
    cause: 'drift',
    differences: [{ path: 'data.a', wanted: '1', found: 'edited', writer: { manager: 'kubectl-edit' } }],
  });
  expect((await read(name)).data).toEqual({ a: '1', b: '2', theirs: 'x' });
});

test('a field that somebody removed comes back', async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1', b: '2' })]);
  await edit(name, { data: { a: null } });
  await seen(name, 'a', undefined);
  expect(await apply([aConfigMap(name, { a: '1', b: '2' })])).toMatchObject([{ action: 'updated', cause: 'drift' }]);
  expect((await read(name)).data).toEqual({ a: '1', b: '2' });
});

test('a field that is no longer wanted goes', async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1', b: '2' })]);
  expect(await apply([aConfigMap(name, { a: '1' })])).toMatchObject([{ action: 'updated', cause: 'change' }]);
  expect((await read(name)).data).toEqual({ a: '1' });
});

test('an object that somebody deleted comes back', async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1' })]);
  await plane.request('DELETE', path(name));
  await until(() => !bench.cache.store(builtIn.configMaps).head({ namespace: 'default', name }), 'it is gone');
  expect(await apply([aConfigMap(name, { a: '1' })])).toMatchObject([{ action: 'created' }]);
});

test('drift that a stale cache makes up is not written', async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1' })]);
  await edit(name, { data: { a: 'edited' } });
  await seen(name, 'a', 'edited');
  await proxy.breakOpen({ verb: 'watch', kind: 'configmaps' }, { type: 'silence' });
  await edit(name, { data: { a: '1' } });
  bench.takeCalls();
  expect(await apply([aConfigMap(name, { a: '1' })])).toMatchObject([{ action: 'unchanged' }]);
  expect(bench.takeWrites()).toEqual([]);
});

test('a stranger of the same name is never touched, unless it is to be adopted', async () => {
  const name = aName();
  await plane.request('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name }, data: { theirs: '1' } });
  await expect(apply([aConfigMap(name, { a: '1' })])).rejects.toThrow(NameConflict);
  expect(await read(name)).toMatchObject({ data: { theirs: '1' } });
  expect((await read(name)).metadata.labels).toBeUndefined();
  await expect(bench.applier.create(aConfigMap(name, {}), {}, bench.errand(owner))).rejects.toMatchObject({
    policy: { reason: 'NameConflict' },
  });
  expect(await apply([aConfigMap(name, { a: '1' })], { adopt: () => true })).toMatchObject([{ action: 'updated' }]);
  expect((await read(name)).data).toEqual({ theirs: '1', a: '1' });
});

test("another owner's object is a stranger too", async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1' })]);
  const other = {
    ...owner,
    metadata: { ...owner.metadata, name: 'other', uid: '11111111-1111-1111-1111-111111111111' },
  };
  await expect(bench.applier.apply([aConfigMap(name, { a: '2' })], {}, bench.errand(other))).rejects.toThrow(
    'belongs to ConfigMap owner',
  );
});

test('a stranger that appears between the look and the write keeps what it has', async () => {
  const name = aName();
  const fault = proxy.inject({ match: { verb: 'apply', name }, when: 'before', action: { type: 'delay', ms: 300 } });
  const applying = apply([aConfigMap(name, { a: '1' })]);
  await until(() => fault.hits === 1, 'the write is on its way');
  await plane.request('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name }, data: { a: 'theirs' } });
  await expect(applying).rejects.toMatchObject({ policy: { retry: 'soon' } });
  expect((await read(name)).data).toEqual({ a: 'theirs' });
});

test("an object that lost the operator's labels is still known by its owner", async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1' })]);
  await edit(name, { metadata: { labels: { [testOwnership.ownerLabel]: null } } });
  await until(
    () => bench.cache.store(builtIn.configMaps).get({ namespace: 'default', name })?.metadata.labels === undefined,
    'the label is gone',
  );
  expect(await apply([aConfigMap(name, { a: '1' })])).toMatchObject([{ action: 'updated', cause: 'drift' }]);
});

test('what must be generated once is generated once, whatever the cache believes', async () => {
  const name = aName();
  const secret = (value: string): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'default' },
      data: { key: value },
    }) as KubeObject;
  await proxy.breakOpen({ verb: 'watch', kind: 'secrets' }, { type: 'silence' });
  const other = await Workbench.open(proxy.cluster, [builtIn.secrets]);
  const first = await other.applier.create(secret('Zmlyc3Q='), {}, other.errand(owner));
  await other.close();
  proxy.inject({
    match: { verb: 'get', kind: 'secrets' },
    when: 'before',
    times: 1,
    action: { type: 'status', code: 404, reason: 'NotFound' },
  });
  const second = await bench.applier.create(secret('c2Vjb25k'), {}, bench.errand(owner));
  expect(second).toMatchObject({ metadata: { uid: first.metadata.uid }, data: { key: 'Zmlyc3Q=' } });
});

test('a change of an immutable field says which, and that no retry helps', async () => {
  const { namespace } = keyOf(owner);
  const job = (image: string): KubeObject =>
    ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'immutable', namespace },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image }] } } },
    }) as KubeObject;
  await apply([job('a:1')]);
  const failure: unknown = await apply([job('a:2')]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ImmutableField);
  expect(failure).toMatchObject({ fields: ['spec.template'], policy: { retry: 'never', reason: 'ImmutableField' } });
});

test("a StatefulSet's immutable fields are named as such", async () => {
  const set = (size: string): KubeObject =>
    ({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'immutable', namespace: 'default' },
      spec: {
        serviceName: 'x',
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
          },
        ],
      },
    }) as KubeObject;
  await apply([set('1Gi')]);
  await expect(apply([set('2Gi')])).rejects.toThrow(ImmutableField);
});

test('one object that cannot be applied does not keep the others from it, and all failures are told', async () => {
  const names = [aName(), aName(), aName()];
  const [good = '', bad = '', worse = ''] = names;
  proxy.inject({
    match: { verb: 'apply', name: bad },
    when: 'before',
    action: { type: 'status', code: 403, reason: 'Forbidden' },
  });
  proxy.inject({
    match: { verb: 'apply', name: worse },
    when: 'before',
    action: { type: 'status', code: 422, reason: 'Invalid' },
  });
  await expect(apply(names.map((name) => aConfigMap(name, {})))).rejects.toMatchObject({
    errors: [{ code: 403 }, { code: 422 }],
    policy: { retry: 'backoff' },
  });
  expect(await read(good)).toBeDefined();
});

test('an ignored field keeps what others made of it, also when the rest is written', async () => {
  const name = aName();
  const ignore = ['data.tuned'];
  await apply([aConfigMap(name, { tuned: '1', a: '1' })]);
  await edit(name, { data: { tuned: '5' } }, 'tuner');
  await seen(name, 'tuned', '5');
  expect(await apply([aConfigMap(name, { tuned: '1', a: '1' })], { ignore })).toMatchObject([{ action: 'unchanged' }]);
  await apply([aConfigMap(name, { tuned: '1', a: '2' })], { ignore });
  expect((await read(name)).data).toEqual({ tuned: '5', a: '2' });
});

test('an object that is being deleted is not written; it is made again when it is gone', async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1' })]);
  await edit(name, { metadata: { finalizers: ['example.com/hold'] } });
  await plane.request('DELETE', path(name));
  await until(
    () =>
      bench.cache.store(builtIn.configMaps).get({ namespace: 'default', name })?.metadata.deletionTimestamp !==
      undefined,
    'it is going',
  );
  await expect(apply([aConfigMap(name, { a: '2' })])).rejects.toMatchObject({ policy: { retry: 'soon' } });
  await edit(name, { metadata: { finalizers: null } });
});

test('a replacement of the same name that the cache has not seen is not overwritten', async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1' })]);
  await proxy.breakOpen({ verb: 'watch', kind: 'configmaps' }, { type: 'silence' });
  await plane.request('DELETE', path(name));
  await plane.request('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name }, data: { theirs: '1' } });
  await expect(apply([aConfigMap(name, { a: '2' })])).rejects.toMatchObject({ policy: { retry: 'soon' } });
  expect((await read(name)).data).toEqual({ theirs: '1' });
});

test('deletes hit the object that was meant and no other of its name', async () => {
  const name = aName();
  await apply([aConfigMap(name, { a: '1' })]);
  const meant = bench.cache.store(builtIn.configMaps).get({ namespace: 'default', name }) as LiveObject;
  await proxy.breakOpen({ verb: 'watch', kind: 'configmaps' }, { type: 'silence' });
  await plane.request('DELETE', path(name));
  await plane.request('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name } });
  expect(await bench.remover.delete(meant, {}, bench.errand(owner))).toBe('gone');
  expect((await read(name)).metadata.uid).not.toBe(meant.metadata.uid);
});

test('a deletion that finalizers hold is told as such, and asked for once', async () => {
  const name = aName();
  await apply([aConfigMap(name, {})]);
  await edit(name, { metadata: { finalizers: ['example.com/hold'] } });
  const key = { namespace: 'default', name };
  const store = bench.cache.store(builtIn.configMaps);
  await until(() => store.get(key)?.metadata.finalizers !== undefined, 'the finalizer is seen');
  const remove = async (): Promise<string> =>
    bench.remover.delete(store.get(key) as LiveObject, {}, bench.errand(owner));
  bench.takeCalls();
  expect([await remove(), await remove()]).toEqual(['deleting', 'deleting']);
  expect(bench.takeWrites()).toHaveLength(1);
  await edit(name, { metadata: { finalizers: null } });
});

test('pruning deletes what the owner has and no longer wants, and nothing of anybody else', async () => {
  const [kept = '', excess = '', foreign = ''] = [aName(), aName(), aName()];
  const [wanted] = await apply([aConfigMap(kept, {}), aConfigMap(excess, {})]);
  await plane.request('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: foreign } });
  const others = bench.cache
    .store(builtIn.configMaps)
    .ownedBy(owner.metadata.uid)
    .map((each) => each.metadata.name);
  const keep = others
    .filter((name) => name !== excess)
    .map((name) => ({ kind: builtIn.configMaps, namespace: 'default', name }));
  expect(wanted?.ref.name).toBe(kept);
  const pruned = await bench.remover.prune(keep, [builtIn.configMaps], bench.errand(owner));
  expect(pruned.map(({ name }) => name)).toEqual([excess]);
  await expect(read(excess)).rejects.toThrow('404');
  expect(await read(foreign)).toBeDefined();
});

test('what was derived from an object that has changed since is not written over that change', async () => {
  const name = aName();
  await apply([aConfigMap(name, { password: 'first' })]);
  const { resourceVersion } = (await read(name)).metadata;
  await edit(name, { data: { password: 'second' } });
  const basis = (): string | undefined => resourceVersion;
  await seen(name, 'password', 'second');
  await expect(apply([aConfigMap(name, { password: 'first' })], { basis })).rejects.toThrow('has changed since');
  expect((await read(name)).data).toEqual({ password: 'second' });
});

test('a change that comes between the look and the write is not written over either', async () => {
  const name = aName();
  await apply([aConfigMap(name, { password: 'first' })]);
  const { resourceVersion } = (await read(name)).metadata;
  await edit(name, { data: { password: 'second' } });
  const unseen = [aConfigMap(name, { password: 'third' })];
  const written = apply(unseen, { basis: () => resourceVersion });
  await expect(written).rejects.toThrow(/has changed since|was replaced meanwhile/);
  expect((await read(name)).data).toEqual({ password: 'second' });
});
