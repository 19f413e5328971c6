import type { ControlPlane } from '../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../test/harness/control-plane.ts';
import type { Condition, Step } from '../../src/runtime/index.ts';
import { done, stall, wait } from '../../src/runtime/index.ts';
import type { ProxiedRequest } from '../harness/fault-proxy.ts';
import { FaultProxy } from '../harness/fault-proxy.ts';
import { pause, until } from '../harness/until.ts';
import type { Secret, Widget } from '../harness/widget.ts';
import { aWidget, installWidgets } from '../harness/widget.ts';
import type { WidgetOperatorOptions } from '../harness/widget-operator.ts';
import { applySize, WidgetOperator } from '../harness/widget-operator.ts';

let plane: ControlPlane;
let proxy: FaultProxy;
let operator: WidgetOperator | undefined;
let namespace: string;
let namespaces = 0;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  await installWidgets(plane);
  proxy = await FaultProxy.start({ url: plane.url, caPem: plane.caPem, admin: plane.admin });
});

afterAll(async () => {
  await proxy.stop();
  await plane.stop();
});

beforeEach(async () => {
  namespaces += 1;
  namespace = `widgets-${namespaces}`;
  await plane.request('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
});

afterEach(async () => {
  proxy.heal();
  await operator?.stop();
  operator = undefined;
});

async function start(options: WidgetOperatorOptions = {}): Promise<WidgetOperator> {
  operator = await WidgetOperator.start(proxy.cluster, { namespaces: [namespace], ...options });
  return operator;
}

const widgetPath = (name: string): string => `/apis/test.example.com/v1/namespaces/${namespace}/widgets/${name}`;

async function createWidget(name: string, spec: Widget['spec'] = { size: 1 }): Promise<void> {
  await plane.request('POST', widgetPath(''), aWidget(name, { namespace, spec }));
}

async function patchWidget(name: string, patch: object): Promise<void> {
  await plane.request('PATCH', widgetPath(name), {
    contentType: 'application/merge-patch+json',
    text: JSON.stringify(patch),
  });
}

function readWidget(name: string): Promise<Widget> {
  return plane.request('GET', widgetPath(name));
}

async function condition(name: string, type: string): Promise<Condition | undefined> {
  return (await readWidget(name)).status?.conditions?.find((each) => each.type === type);
}

async function untilCondition(name: string, type: string, reason: string): Promise<Condition> {
  let found: Condition | undefined;
  await until(async () => (found = await condition(name, type))?.reason === reason, `${name}: ${type} for ${reason}`);
  return found as Condition;
}

async function untilReady(name: string): Promise<void> {
  await until(async () => {
    const { metadata, status } = await readWidget(name);
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    return ready?.status === 'True' && ready.observedGeneration === metadata.generation;
  }, `${name} is ready`);
}

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** Writes in this test's namespace since `from`, events aside. */
function writes(from = 0): ProxiedRequest[] {
  const ours = proxy.requests.slice(from).filter((request) => request.namespace === namespace);
  return ours.filter(({ verb, kind }) => !reads.has(verb) && kind !== 'events');
}

const gate: Step<Widget> = {
  name: 'gate',
  condition: 'GateOpen',
  run: ({ object }) => {
    if (object.spec.color === 'wait') return wait('GateMoving', 'the gate is moving', { afterMs: 60_000 });
    if (object.spec.color === 'stall') return stall('GateBroken', 'the gate is broken');
    if (object.spec.color === 'throw') throw new Error('the gate fell off');
    return done('GateOpen');
  },
};

test('a new object is marked, brought about in order, and its status written once', async () => {
  await start({ finalize: [{ name: 'nothing', run: () => done() }] });
  const from = proxy.requests.length;
  await createWidget('one', { size: 3, color: 'red' });
  await untilReady('one');
  expect(writes(from).map(({ verb, kind, subresource }) => [verb, kind, subresource].join(' ').trim())).toEqual([
    'patch widgets',
    'create secrets',
    'apply configmaps',
    'apply widgets status',
  ]);
  const { status } = await readWidget('one');
  expect(status).toMatchObject({ observedGeneration: 1, painted: 'red' });
  expect(status?.conditions?.map(({ type, status: value, reason }) => [type, value, reason])).toEqual([
    ['KeyReady', 'True', 'KeyMade'],
    ['SizeReady', 'True', 'SizeApplied'],
    ['Ready', 'True', 'Ready'],
    ['Reconciling', 'False', 'Settled'],
    ['Stalled', 'False', 'Progressing'],
  ]);
});

test('at rest nothing is written, however often it is looked at', async () => {
  const running = await start({ resyncMs: 20 });
  for (const name of ['a', 'b', 'c']) await createWidget(name);
  await Promise.all(['a', 'b', 'c'].map(untilReady));
  await pause(200);
  const [from, looks] = [proxy.requests.length, await running.metric('controller_runtime_reconcile_total')];
  await until(async () => (await running.metric('controller_runtime_reconcile_total')) > looks + 300, '300 looks');
  expect(proxy.requests.slice(from).filter(({ verb }) => verb !== 'watch')).toEqual([]);
  expect(await running.metric('apply_idle_writes_total')).toBe(0);
});

test('a changed field costs one write of what depends on it and one of the status', async () => {
  await start();
  await createWidget('one');
  await untilReady('one');
  const from = proxy.requests.length;
  await patchWidget('one', { spec: { size: 2 } });
  await untilReady('one');
  await pause(300);
  const calls = proxy.requests.slice(from).filter(({ verb, kind }) => verb !== 'watch' && kind !== 'events');
  expect(calls.map(({ verb, kind }) => `${verb} ${kind}`)).toEqual(['apply configmaps', 'apply widgets']);
});

test('drift of an owned object is repaired, and so is its deletion', async () => {
  await start();
  await createWidget('one');
  await untilReady('one');
  const path = `/api/v1/namespaces/${namespace}/configmaps/one-size`;
  await plane.request('PATCH', path, { contentType: 'application/merge-patch+json', text: '{"data":{"size":"99"}}' });
  const size = async (): Promise<string | undefined> =>
    (await plane.request<{ data?: { size?: string } }>('GET', path).catch(() => undefined))?.data?.size;
  await until(async () => (await size()) === '1', 'the edit is undone');
  await plane.request('DELETE', path);
  await until(async () => (await size()) === '1', 'it is back');
});

test('waiting, stalling and failing are told apart, and later steps wait their turn', async () => {
  await start({ steps: [gate, applySize] });
  await createWidget('one', { color: 'wait' });
  await untilCondition('one', 'GateOpen', 'GateMoving');
  expect(await condition('one', 'SizeReady')).toMatchObject({
    status: 'Unknown',
    reason: 'Pending',
    message: 'waits for gate',
  });
  expect(await condition('one', 'Reconciling')).toMatchObject({ status: 'True', message: 'the gate is moving' });
  await patchWidget('one', { spec: { color: 'stall' } });
  await untilCondition('one', 'Stalled', 'GateBroken');
  expect(await condition('one', 'Reconciling')).toMatchObject({ status: 'False' });
  await patchWidget('one', { spec: { color: 'throw' } });
  await untilCondition('one', 'Ready', 'Error');
  expect(await condition('one', 'GateOpen')).toMatchObject({ status: 'False', message: 'the gate fell off' });
  await patchWidget('one', { spec: { color: 'open' } });
  await untilReady('one');
  expect(await condition('one', 'Stalled')).toMatchObject({ status: 'False' });
});

test('events tell each transition once', async () => {
  await start({ steps: [gate] });
  await createWidget('one', { color: 'stall' });
  await untilCondition('one', 'Stalled', 'GateBroken');
  await patchWidget('one', { spec: { color: 'open' } });
  await untilReady('one');
  const list = async (): Promise<readonly Record<string, unknown>[]> =>
    (
      await plane.request<{ items: Record<string, unknown>[] }>(
        'GET',
        `/apis/events.k8s.io/v1/namespaces/${namespace}/events`,
      )
    ).items;
  await until(async () => (await list()).length >= 4, 'the events are written');
  const told = (await list()).map(({ type, reason, note }) => [type, reason, note].join(' ')).sort();
  expect(told).toEqual([
    'Normal GateOpen GateOpen is True',
    'Normal Ready Ready is True',
    'Warning GateBroken GateOpen: the gate is broken',
    'Warning GateBroken Ready: the gate is broken',
  ]);
});

test('a programming error in a step is one failed look at one object, and counted', async () => {
  const buggy: Step<Widget> = {
    name: 'buggy',
    condition: 'Fine',
    run: ({ object }) => (object.spec.color === 'buggy' ? (undefined as never as { run: () => never }).run() : done()),
  };
  const running = await start({ steps: [buggy] });
  await createWidget('bad', { color: 'buggy' });
  await untilCondition('bad', 'Fine', 'Error');
  await createWidget('good');
  await untilReady('good');
  expect(await running.metric('controller_runtime_reconcile_panics_total')).toBeGreaterThan(0);
});

test('a step that hangs is ended by the deadline, which is told, and does not hold up others', async () => {
  const hanging: Step<Widget> = {
    name: 'hanging',
    condition: 'Fine',
    run: ({ object, signal }) =>
      object.spec.color === 'hang'
        ? new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
        : done(),
  };
  const running = await start({ steps: [hanging], concurrency: 1, deadlineMs: 300 });
  await createWidget('slow', { color: 'hang' });
  await untilCondition('slow', 'Fine', 'DeadlineExceeded');
  await createWidget('quick');
  await untilReady('quick');
  expect(await running.metric('controller_runtime_reconcile_timeouts_total')).toBeGreaterThan(0);
});

test('the finalizer goes when every finalize step is done: not while one waits, and not when one fails', async () => {
  let state: 'wait' | 'throw' | 'done' = 'wait';
  const order: string[] = [];
  const drain: Step<Widget> = {
    name: 'drain',
    condition: 'Drained',
    run: () => {
      order.push(`drain ${state}`);
      if (state === 'wait') return wait('Draining', 'one user is left', { afterMs: 100 });
      if (state === 'throw') throw new Error('cannot reach the user');
      return done();
    },
  };
  const release: Step<Widget> = { name: 'release', run: () => (order.push('release'), done()) };
  await start({ finalize: [drain, release] });
  await createWidget('one');
  await untilReady('one');
  await plane.request('DELETE', widgetPath('one'));
  await untilCondition('one', 'Drained', 'Draining');
  state = 'throw';
  await untilCondition('one', 'Drained', 'Error');
  expect(order).not.toContain('release');
  state = 'done';
  await until(async () => (await readWidget('one').catch(() => undefined)) === undefined, 'it is gone');
  expect(order.slice(-2)).toEqual(['drain done', 'release']);
});

test("another's finalizer is kept when ours goes", async () => {
  await start({ finalize: [{ name: 'nothing', run: () => done() }] });
  await createWidget('one');
  await untilReady('one');
  const { finalizers = [] } = (await readWidget('one')).metadata;
  await patchWidget('one', { metadata: { finalizers: [...finalizers, 'example.com/theirs'] } });
  await plane.request('DELETE', widgetPath('one'));
  await until(async () => (await readWidget('one')).metadata.finalizers?.length === 1, 'ours is gone');
  expect((await readWidget('one')).metadata.finalizers).toEqual(['example.com/theirs']);
  await patchWidget('one', { metadata: { finalizers: null } });
});

test('a suspended object is left alone, but can be deleted', async () => {
  await start({ suspended: ({ spec }) => spec.color === 'asleep', finalize: [{ name: 'nothing', run: () => done() }] });
  await createWidget('one', { color: 'asleep' });
  await untilCondition('one', 'Reconciling', 'Suspended');
  expect(writes().filter(({ kind }) => kind === 'configmaps')).toEqual([]);
  await plane.request('DELETE', widgetPath('one'));
  await until(async () => (await readWidget('one').catch(() => undefined)) === undefined, 'it is gone');
});

test('what the API server forbids is told, and done when it is allowed, without a restart', async () => {
  proxy.inject({
    match: { verb: 'apply', kind: 'configmaps' },
    when: 'before',
    action: { type: 'status', code: 403, reason: 'Forbidden' },
  });
  await start();
  await createWidget('one');
  expect(await untilCondition('one', 'SizeReady', 'Forbidden')).toMatchObject({ status: 'False' });
  proxy.heal();
  await untilReady('one');
});

test('an API server that stumbles does not make objects look broken', async () => {
  await start();
  await createWidget('one');
  await untilReady('one');
  const flip = (await condition('one', 'SizeReady'))?.lastTransitionTime;
  proxy.inject({
    match: { verb: 'apply', kind: 'configmaps' },
    when: 'before',
    times: 10,
    action: { type: 'status', code: 503 },
  });
  await patchWidget('one', { spec: { size: 7 } });
  await untilReady('one');
  expect((await condition('one', 'SizeReady'))?.lastTransitionTime).toBe(flip);
});

test('a verdict about an object that has changed since is not written', async () => {
  let looks = 0;
  const meddle: Step<Widget> = {
    name: 'meddle',
    condition: 'Meddled',
    run: async () => {
      looks += 1;
      if (looks === 1) await patchWidget('one', { spec: { size: 2 } });
      return done('Meddled', `look ${looks}`);
    },
  };
  const from = proxy.requests.length;
  await start({ steps: [meddle] });
  await createWidget('one');
  await untilReady('one');
  const statuses = proxy.requests
    .slice(from)
    .filter(({ subresource }) => subresource === 'status')
    .map(({ status }) => status);
  expect(statuses[0]).toBe(409);
  expect(await condition('one', 'Meddled')).toMatchObject({ observedGeneration: 2 });
});

test('a reply that is lost after any one of the writes changes nothing in the end, and nothing is made twice', async () => {
  const finalize = [{ name: 'nothing', run: () => done() }];
  const losses = ['patch widgets', 'create secrets', 'apply configmaps', 'apply widgets'] as const;
  await start({ finalize });
  for (const [index, loss] of losses.entries()) {
    const [verb, kind] = loss.split(' ') as ['patch' | 'create' | 'apply', string];
    const name = `lost-${index}`;
    const fault = proxy.inject({ match: { verb, kind }, when: 'after', times: 1, action: { type: 'reset' } });
    await createWidget(name, { size: 1, color: 'red' });
    await untilReady(name);
    expect(fault.hits).toBe(1);
    const all = await plane.request<{ items: Secret[] }>('GET', `/api/v1/namespaces/${namespace}/secrets`);
    expect(all.items.filter(({ metadata }) => metadata.name === `${name}-key`)).toHaveLength(1);
  }
});

test('a generated secret survives a restart, a lost reply and a cache that knows nothing', async () => {
  const fault = proxy.inject({
    match: { verb: 'create', kind: 'secrets' },
    when: 'after',
    times: 1,
    action: { type: 'reset' },
  });
  const first = await start();
  await createWidget('one');
  const key = async (): Promise<string | undefined> =>
    (await plane.request<Secret>('GET', `/api/v1/namespaces/${namespace}/secrets/one-key`)).data?.['key'];
  // The fault is counted when the request arrives, which is before the API server has made anything.
  await until(async () => (await key().catch(() => undefined)) !== undefined, 'the secret is made');
  expect(fault.hits).toBe(1);
  const before = await key();
  await first.stop();
  await start();
  await untilReady('one');
  expect(await key()).toBe(before);
});

test('an API server that is restarted in the middle is nothing to speak of', async () => {
  const running = await start();
  const names = Array.from({ length: 20 }, (_, index) => `many-${index}`);
  await Promise.all(names.map((name) => createWidget(name)));
  await plane.restartApiServer();
  for (const name of names) await untilReady(name);
  expect(running.manager.isLeading()).toBe(true);
});

test('stopping lets what is under way end, and takes nothing more', async () => {
  let finished = false;
  const slow: Step<Widget> = {
    name: 'slow',
    condition: 'Slow',
    run: async () => {
      await pause(700);
      finished = true;
      return done('Finished');
    },
  };
  const running = await start({ steps: [slow], lease: { identity: 'a' } });
  await createWidget('one');
  await until(async () => (await running.metric('controller_runtime_active_workers')) === 1, 'it is under way');
  await running.stop();
  expect(finished).toBe(true);
  expect(await condition('one', 'Slow')).toMatchObject({ reason: 'Finished' });
  const lease = await plane.request<{ spec: { holderIdentity?: string } }>(
    'GET',
    '/apis/coordination.k8s.io/v1/namespaces/default/leases/widget-operator',
  );
  expect(lease.spec.holderIdentity ?? '').toBe('');
});

test('what does not end within the drain is aborted', async () => {
  const endless: Step<Widget> = {
    name: 'endless',
    run: ({ signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  };
  const running = await start({ steps: [endless], drainMs: 200 });
  await createWidget('one');
  await until(async () => (await running.metric('controller_runtime_active_workers')) === 1, 'it is under way');
  const startedAt = performance.now();
  await running.stop();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('probes and metrics say what is so', async () => {
  const running = await start({ lease: { identity: 'a' } });
  await until(async () => (await running.page('/metrics')).text.includes('workqueue_depth{'), 'it leads');
  expect((await running.page('/livez')).status).toBe(200);
  expect((await running.page('/readyz')).status).toBe(200);
  expect((await running.page('/nothing')).status).toBe(404);
  const { text } = await running.page('/metrics');
  for (const name of [
    'controller_runtime_reconcile_total{controller="widget",result="success"} 0',
    'controller_runtime_max_concurrent_reconciles{controller="widget"} 4',
    'leader_election_master_status{name="widget-operator"} 1',
    'workqueue_depth{name="widget",controller="widget"} 0',
    'rest_client_requests_total{code="200",method="GET"',
    'cache_objects{kind="widgets.test.example.com/v1"} 0',
  ]) {
    expect(text).toContain(name);
  }
});

test('it is not ready before its caches are filled', async () => {
  proxy.inject({ match: { verb: 'list', kind: 'secrets' }, when: 'before', action: { type: 'status', code: 503 } });
  const running = await start();
  expect(await running.page('/readyz')).toMatchObject({ status: 503, text: 'the caches are not filled yet\n' });
  expect((await running.page('/livez')).status).toBe(200);
  proxy.heal();
  await until(async () => (await running.page('/readyz')).status === 200, 'it is ready');
});

test('one watch for each kind, and no more', async () => {
  await start();
  await until(() => proxy.requests.filter(({ verb, open }) => verb === 'watch' && open).length === 3, 'three watches');
  await pause(300);
  expect(
    proxy.requests
      .filter(({ verb, open }) => verb === 'watch' && open)
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['configmaps', 'secrets', 'widgets']);
});
