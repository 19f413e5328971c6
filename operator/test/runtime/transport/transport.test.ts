import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../../test/harness/control-plane.ts';
import { ObjectClient } from '../../../src/runtime/object-client.ts';
import type { ApiError } from '../../../src/runtime/transport/api-error.ts';
import { CallTimeout, ConnectionError } from '../../../src/runtime/transport/api-error.ts';
import type { ApiCall } from '../../../src/runtime/transport/call.ts';
import { inCluster } from '../../../src/runtime/transport/in-cluster.ts';
import { fromKubeconfig } from '../../../src/runtime/transport/kubeconfig.ts';
import type { CallRecord } from '../../../src/runtime/transport/transport.ts';
import { Transport } from '../../../src/runtime/transport/transport.ts';
import type { FaultAction } from '../../harness/fault-plan.ts';
import { FaultProxy } from '../../harness/fault-proxy.ts';
import { until } from '../../harness/until.ts';
import { configMaps } from '../../harness/widget.ts';

let plane: ControlPlane;
let proxy: FaultProxy;
let transport: Transport;
let records: CallRecord[];

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  proxy = await FaultProxy.start({ url: plane.url, caPem: plane.caPem, admin: plane.admin });
});

afterAll(async () => {
  await proxy.stop();
  await plane.stop();
});

beforeEach(() => {
  records = [];
  transport = new Transport({ cluster: proxy.cluster, onCall: (record) => records.push(record) });
});

afterEach(async () => {
  proxy.heal();
  await transport.close();
});

let names = 0;
const object = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
});
const get: ApiCall = { verb: 'get', kind: configMaps, namespace: 'default', name: 'here' };

function create(): ApiCall {
  names += 1;
  return { verb: 'create', kind: configMaps, namespace: 'default', body: object(`made-${names}`) };
}

function apply(name: string): ApiCall {
  const query = { fieldManager: 'test', force: true };
  const contentType = 'application/apply-patch+yaml';
  return { verb: 'apply', kind: configMaps, namespace: 'default', name, query, contentType, body: object(name) };
}

function inject(
  verb: ApiCall['verb'],
  action: FaultAction,
  times = 1,
  when: 'before' | 'after' = 'before',
): { readonly hits: number } {
  return proxy.inject({ match: { verb, kind: 'configmaps' }, when, action, times });
}

function codes(): number[] {
  return records.map(({ code }) => code);
}

beforeAll(async () => {
  await plane.request('POST', '/api/v1/namespaces/default/configmaps', object('here'));
});

test('three hundred calls in a row need two connections at most', async () => {
  const before = proxy.connections;
  for (let index = 0; index < 300; index += 1) await transport.call(get);
  // The pool opens a second one when a call follows before the first is known to be idle.
  expect(proxy.connections - before).toBeLessThanOrEqual(2);
});

test('many calls at once need no more connections than the pool has', async () => {
  const before = proxy.connections;
  await Promise.all(Array.from({ length: 200 }, () => transport.call(get)));
  expect(proxy.connections - before).toBeLessThanOrEqual(16);
});

test.each([502, 503, 504, 429])('%s is repeated for what is safe to repeat', async (code) => {
  const fault = inject('get', { type: 'status', code }, 2);
  await transport.call(get);
  expect(fault.hits).toBe(2);
  expect(codes()).toEqual([code, code, 200]);
});

test('a connection that breaks is repeated for what is safe to repeat, also when the reply was lost', async () => {
  const before = inject('apply', { type: 'reset' });
  const after = inject('apply', { type: 'reset' }, 1, 'after');
  await transport.call(apply('applied'));
  expect([before.hits, after.hits]).toEqual([1, 1]);
});

test('a create is repeated after 429 only: anything else may have created', async () => {
  inject('create', { type: 'status', code: 429, retryAfterSeconds: 0 });
  await transport.call(create());
  expect(codes()).toEqual([429, 201]);
  inject('create', { type: 'reset' }, 1, 'after');
  await expect(transport.call(create())).rejects.toThrow(ConnectionError);
  inject('create', { type: 'status', code: 503 });
  await expect(transport.call(create())).rejects.toMatchObject({ code: 503 });
});

test('500 is not repeated here: it is an answer, and the queue has more patience', async () => {
  const fault = inject('get', { type: 'status', code: 500 }, 5);
  await expect(transport.call(get)).rejects.toMatchObject({ code: 500, policy: { retry: 'backoff' } });
  expect(fault.hits).toBe(1);
});

test('Retry-After is obeyed, and handed on when it asks for more time than the call has', async () => {
  inject('get', { type: 'status', code: 429, retryAfterSeconds: 1 });
  const startedAt = performance.now();
  await transport.call(get);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_000);
  inject('get', { type: 'status', code: 429, retryAfterSeconds: 60 });
  await expect(transport.call({ ...get, deadlineMs: 5_000 })).rejects.toMatchObject({ policy: { afterMs: 60_000 } });
});

test('retries are bounded', async () => {
  const fault = inject('get', { type: 'status', code: 503 }, 100);
  await expect(transport.call(get)).rejects.toMatchObject({ code: 503 });
  expect(fault.hits).toBe(4);
});

test('a call that is never answered ends at its deadline, and its connection is not used again', async () => {
  inject('get', { type: 'silence' }, 100);
  await expect(transport.call({ ...get, deadlineMs: 300 })).rejects.toThrow(CallTimeout);
  proxy.heal();
  const before = proxy.connections;
  await transport.call(get);
  expect(proxy.connections - before).toBe(1);
});

test('a call whose owner gives up ends with the reason given', async () => {
  inject('get', { type: 'silence' }, 100);
  const controller = new AbortController();
  const call = transport.call({ ...get, signal: controller.signal });
  const reason = new Error('no longer wanted');
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
});

test('the guard is asked before each attempt, and forbids the next one', async () => {
  let allowed = 2;
  const guard = (): void => {
    allowed -= 1;
    if (allowed < 0) throw new Error('not leading');
  };
  const fault = inject('apply', { type: 'status', code: 503 }, 100);
  await expect(transport.call({ ...apply('guarded'), guard })).rejects.toThrow('not leading');
  expect(fault.hits).toBe(2);
});

test('the guard is asked when the connection is open: until then a process may have stood still', async () => {
  let leading = true;
  const { cluster } = proxy;
  const tls = (): ReturnType<typeof cluster.tls> => {
    leading = false;
    return cluster.tls();
  };
  const slow = new Transport({ cluster: { ...cluster, tls, server: cluster.server } });
  const guard = (): void => {
    if (!leading) throw new Error('not leading');
  };
  await expect(slow.call({ ...apply('too-late'), guard })).rejects.toThrow('not leading');
  await slow.close();
  expect(proxy.requests.filter(({ name }) => name === 'too-late')).toEqual([]);
});

test('an answer that is no JSON counts as none', async () => {
  inject('create', { type: 'garbage' }, 1);
  await expect(transport.call(create())).rejects.toThrow(ConnectionError);
});

test('errors carry reason, causes and what to do about them', async () => {
  await expect(transport.call({ ...get, name: 'absent' })).rejects.toMatchObject({ code: 404, reason: 'NotFound' });
  const body = { ...object('Bad_Name') };
  const rejected = transport.call({ ...create(), body });
  await expect(rejected).rejects.toMatchObject({ code: 422, reason: 'Invalid', policy: { retry: 'never' } });
  await expect(rejected).rejects.toThrow(/create ConfigMap default|create configmaps/);
  const error: unknown = await rejected.catch((thrown: unknown) => thrown);
  expect((error as ApiError).causes[0]).toMatchObject({ field: 'metadata.name' });
});

test('a lease goes its own way when all other connections are busy', async () => {
  inject('get', { type: 'silence' }, 100);
  const busy = Array.from({ length: 40 }, () => transport.call({ ...get, deadlineMs: 1_000 }).catch(() => undefined));
  await transport.call(apply('lease-like'), 'lease');
  proxy.heal();
  await Promise.all(busy);
});

test('calls beyond the rate wait', async () => {
  const limited = new Transport({ cluster: proxy.cluster, rate: { perSecond: 50, burst: 10 } });
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: 40 }, () => limited.call(get)));
  // 10 at once, 30 at 50 per second.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(590);
  await limited.close();
});

test('a token that the API server rejects is read again, and the call repeated', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'service-account-'));
  const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text);
  await plane.request('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'rotating' } });
  const { status } = await plane.request<{ readonly status: { readonly token: string } }>(
    'POST',
    '/api/v1/namespaces/default/serviceaccounts/rotating/token',
    { spec: { expirationSeconds: 3600 } },
  );
  await Promise.all([write('ca.crt', plane.caPem), write('namespace', 'default'), write('token', 'expired')]);
  const { hostname, port } = new URL(plane.url);
  const rotating = new Transport({
    cluster: inCluster({ host: hostname, port, directory }),
    onCall: (record) => records.push(record),
  });
  await expect(rotating.call(get)).rejects.toMatchObject({ code: 401 });
  await write('token', status.token);
  await expect(rotating.call(get)).rejects.toMatchObject({ code: 403, policy: { reason: 'Forbidden' } });
  expect(codes()).toEqual([401, 401, 403]);
  await rotating.close();
  await rm(directory, { recursive: true });
});

test("a kubeconfig's client certificate and context are used", async () => {
  const cluster = await fromKubeconfig(plane.kubeconfig);
  const direct = new Transport({ cluster });
  const client = new ObjectClient(direct, 'test');
  expect(
    await client.get({ kind: configMaps, namespace: 'default', name: 'here' }, AbortSignal.timeout(5_000)),
  ).toBeDefined();
  await direct.close();
  await expect(fromKubeconfig(plane.kubeconfig, 'no-such-context')).rejects.toThrow();
});

test('an aborted call leaves nothing in the kernel that could be delivered later: the connection is reset', async () => {
  inject('apply', { type: 'silence' }, 1);
  const resets = proxy.resets;
  await transport.call({ ...apply('late'), deadlineMs: 200 }).catch(() => undefined);
  await until(() => proxy.resets > resets, 'the proxy sees the reset');
});
