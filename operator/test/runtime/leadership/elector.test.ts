import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../../test/harness/control-plane.ts';
import { systemClock } from '../../../src/runtime/index.ts';
import type { Cluster } from '../../../src/runtime/index.ts';
import { Elector } from '../../../src/runtime/leadership/elector.ts';
import type { Lease } from '../../../src/runtime/leadership/lease.ts';
import { microTime } from '../../../src/runtime/leadership/lease.ts';
import type { Term } from '../../../src/runtime/leadership/term.ts';
import { Transport } from '../../../src/runtime/transport/transport.ts';
import { FaultProxy } from '../../harness/fault-proxy.ts';
import { quietLog } from '../../harness/quiet-log.ts';
import { pause, until } from '../../harness/until.ts';

let plane: ControlPlane;
let proxy: FaultProxy;
let direct: Cluster;
let candidates: Candidate[] = [];
let leaseNames = 0;
let leaseName: string;

const timing = { durationSeconds: 3, renewDeadlineSeconds: 2, retrySeconds: 0.3 };
const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';

/** One process that wants to lead. */
class Candidate {
  readonly elector: Elector;
  readonly #stopping = new AbortController();
  readonly #transport: Transport;

  constructor(identity: string, cluster: Cluster) {
    this.#transport = new Transport({ cluster });
    const lease = { namespace: 'default', name: leaseName, identity, ...timing };
    this.elector = new Elector({ lease, transport: this.#transport, clock: systemClock, log: quietLog() });
    candidates.push(this);
  }

  acquire(): Promise<Term> {
    return this.elector.acquire(this.#stopping.signal);
  }

  /** Ends as a crash does: nothing is given up. */
  async crash(): Promise<void> {
    this.#stopping.abort(new Error('crashed'));
    await this.#transport.close();
  }
}

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  proxy = await FaultProxy.start({ url: plane.url, caPem: plane.caPem, admin: plane.admin });
  const tls = { ca: plane.caPem, cert: plane.admin.certPem, key: plane.admin.keyPem };
  direct = { ...proxy.cluster, server: new URL(plane.url), tls: () => tls };
});

afterAll(async () => {
  await proxy.stop();
  await plane.stop();
});

beforeEach(() => {
  leaseNames += 1;
  leaseName = `lease-${leaseNames}`;
  candidates = [];
});

afterEach(async () => {
  proxy.heal();
  await Promise.all(candidates.map((candidate) => candidate.crash()));
});

function read(): Promise<Lease> {
  return plane.request('GET', `${leases}/${leaseName}`);
}

function edit(spec: object): Promise<unknown> {
  const contentType = 'application/merge-patch+json';
  return plane.request('PATCH', `${leases}/${leaseName}`, { contentType, text: JSON.stringify({ spec }) });
}

/** Milliseconds from now until the promise settles. */
async function elapsed(promise: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await promise;
  return performance.now() - startedAt;
}

test('a time in a Lease has six digits', () => {
  expect(microTime(Date.parse('2026-01-02T03:04:05.678Z'))).toBe('2026-01-02T03:04:05.678000Z');
});

test('one of two leads, and what it gives up the other has within a retry', async () => {
  const [first, second] = [new Candidate('a', direct), new Candidate('b', direct)];
  const term = await first.acquire();
  const waiting = second.acquire();
  await pause(1_000);
  expect((await read()).spec).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 3, leaseTransitions: 0 });
  term.end('stopping');
  await first.elector.release();
  expect(await elapsed(waiting)).toBeLessThan(1_000);
  expect((await read()).spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
});

test('a leader goes on leading for as long as it renews', async () => {
  const term = await new Candidate('a', direct).acquire();
  const before = (await read()).spec?.renewTime;
  await pause(4_000);
  expect(term.isOver()).toBe(false);
  expect((await read()).spec?.renewTime).not.toBe(before);
});

test('a leader that crashed is followed after the whole duration, and within duration and retry', async () => {
  const first = new Candidate('a', direct);
  await first.acquire();
  const waiting = new Candidate('b', direct).acquire();
  await pause(700);
  await first.crash();
  const tookMs = await elapsed(waiting);
  expect(tookMs).toBeGreaterThan(2_000);
  expect(tookMs).toBeLessThan(4_200);
});

test('a leader that is cut off stops before another begins', async () => {
  const term = await new Candidate('a', proxy.cluster).acquire();
  let endedAt = 0;
  term.signal.addEventListener('abort', () => (endedAt = performance.now()));
  proxy.inject({ match: { kind: 'leases' }, when: 'before', action: { type: 'silence' } });
  await new Candidate('b', direct).acquire();
  const begunAt = performance.now();
  expect(endedAt).toBeGreaterThan(0);
  expect(begunAt - endedAt).toBeGreaterThan(500);
});

test("others' clocks do not matter: a lease renewed long ago, or in the future, is waited for all the same", async () => {
  for (const renewTime of ['2001-01-01T00:00:00.000000Z', '2099-01-01T00:00:00.000000Z']) {
    leaseNames += 1;
    leaseName = `lease-${leaseNames}`;
    const spec = { holderIdentity: 'gone', leaseDurationSeconds: 2, renewTime, acquireTime: renewTime };
    await plane.request('POST', leases, { metadata: { name: leaseName }, spec });
    const tookMs = await elapsed(new Candidate('b', direct).acquire());
    expect(tookMs).toBeGreaterThan(2_000);
    expect(tookMs).toBeLessThan(3_500);
  }
});

test('renewals whose replies are lost are found to have been applied', async () => {
  const term = await new Candidate('a', proxy.cluster).acquire();
  const lost = proxy.inject({
    match: { kind: 'leases', verb: 'update' },
    when: 'after',
    times: 3,
    action: { type: 'reset' },
  });
  await until(() => lost.hits === 3, 'replies were lost');
  await pause(2_500);
  expect(term.isOver()).toBe(false);
});

test('a leader whose lease another holds stops at once', async () => {
  const term = await new Candidate('a', direct).acquire();
  await edit({ holderIdentity: 'usurper', leaseDurationSeconds: 3 });
  await until(() => term.isOver(), 'the term is over', 1_500);
});

test('a leader whose lease was deleted takes it again', async () => {
  const term = await new Candidate('a', direct).acquire();
  await plane.request('DELETE', `${leases}/${leaseName}`);
  await until(async () => (await read().catch(() => undefined))?.spec?.holderIdentity === 'a', 'the lease is back');
  expect(term.isOver()).toBe(false);
});

test('of many that start at once exactly one leads', async () => {
  const many = Array.from({ length: 8 }, (_, index) => new Candidate(`c-${index}`, direct));
  let leading = 0;
  for (const candidate of many)
    void candidate.acquire().then(
      () => (leading += 1),
      () => undefined,
    );
  await until(() => leading > 0, 'one leads');
  await pause(1_000);
  expect(leading).toBe(1);
});

test('nobody waits for a process that started again under the same identity', async () => {
  const first = new Candidate('a', direct);
  await first.acquire();
  await first.crash();
  expect(await elapsed(new Candidate('a', direct).acquire())).toBeLessThan(1_000);
});

test('timings that would let two lead are refused', () => {
  const parts = { transport: new Transport({ cluster: direct }), clock: systemClock, log: quietLog() };
  const lease = { namespace: 'default', name: 'x', identity: 'a', durationSeconds: 10, renewDeadlineSeconds: 10 };
  expect(() => new Elector({ lease, ...parts })).toThrow('renew deadline < duration');
});
