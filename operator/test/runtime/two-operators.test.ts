import type { ControlPlane } from '../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../test/harness/control-plane.ts';
import { ChildOperator } from '../harness/child-operator.ts';
import { FaultProxy } from '../harness/fault-proxy.ts';
import { pause, until } from '../harness/until.ts';
import { aWidget, installWidgets } from '../harness/widget.ts';

/** One operator and the proxy that sees all it does. */
interface Contender {
  readonly proxy: FaultProxy;
  readonly operator: ChildOperator;
}

let plane: ControlPlane;
let contenders: Contender[] = [];
let stopStirring: () => Promise<void>;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  await installWidgets(plane);
});

afterAll(async () => {
  await plane.stop();
});

beforeEach(async () => {
  contenders = await Promise.all(['a', 'b'].map(contender));
  stopStirring = stir();
  await until(() => leaders().length === 1, 'one writes');
  await pause(500);
});

afterEach(async () => {
  await stopStirring();
  await Promise.all(contenders.map(({ operator }) => operator.end()));
  await Promise.all(contenders.map(({ proxy }) => proxy.stop()));
  await plane.request('DELETE', '/apis/test.example.com/v1/namespaces/default/widgets');
  await plane
    .request('DELETE', '/apis/coordination.k8s.io/v1/namespaces/default/leases/widget-operator')
    .catch(() => undefined);
});

async function contender(identity: string): Promise<Contender> {
  const proxy = await FaultProxy.start({ url: plane.url, caPem: plane.caPem, admin: plane.admin });
  return { proxy, operator: await ChildOperator.start(proxy.cluster, identity) };
}

/** Keeps the operators busy: a widget changes every 20 ms. */
function stir(): () => Promise<void> {
  let stopped = false;
  const path = '/apis/test.example.com/v1/namespaces/default/widgets';
  const running = (async (): Promise<void> => {
    for (let name = 0; name < 5; name += 1) await plane.request('POST', path, aWidget(`stirred-${name}`));
    for (let size = 2; !stopped; size += 1) {
      const text = JSON.stringify({ spec: { size } });
      await plane.request('PATCH', `${path}/stirred-${size % 5}`, {
        contentType: 'application/merge-patch+json',
        text,
      });
      await pause(20);
    }
  })();
  return async () => {
    stopped = true;
    await running;
  };
}

/** Times at which an operator changed something, the lease aside, on one clock for all. */
function writesOf({ proxy }: Contender): number[] {
  return proxy.requests
    .filter(({ verb, kind }) => !['get', 'list', 'watch'].includes(verb) && kind !== 'leases')
    .map(({ atMs }) => proxy.startedAt + atMs);
}

function leaders(): Contender[] {
  return contenders.filter((each) => writesOf(each).length > 0);
}

/** The one that leads and the one that waits. */
function roles(): { readonly leader: Contender; readonly standby: Contender } {
  const [leader] = leaders();
  const standby = contenders.find((each) => each !== leader);
  if (!leader || !standby) throw new Error('nobody leads');
  return { leader, standby };
}

/** Waits until the other one writes, and checks that from then on the first does not. */
async function expectHandover(leader: Contender, standby: Contender): Promise<void> {
  await until(() => writesOf(standby).length > 10, 'the standby has taken over');
  await pause(1_000);
  const begun = Math.min(...writesOf(standby));
  expect(writesOf(leader).filter((at) => at >= begun)).toEqual([]);
}

test('the standby writes nothing while the leader leads', () => {
  expect(writesOf(roles().standby)).toEqual([]);
});

test('a leader that is told to stop hands over at once, and the two never write together', async () => {
  const { leader, standby } = roles();
  const startedAt = performance.now();
  leader.operator.signal('SIGTERM');
  await expectHandover(leader, standby);
  expect(Math.min(...writesOf(standby)) - startedAt).toBeLessThan(2_000);
});

test('a leader that is killed is followed within the lease and a retry', async () => {
  const { leader, standby } = roles();
  const startedAt = performance.now();
  leader.operator.signal('SIGKILL');
  await expectHandover(leader, standby);
  expect(Math.min(...writesOf(standby)) - startedAt).toBeLessThan(4_500);
});

test('a leader that was stopped in the middle of its work and goes on later writes nothing more', async () => {
  const { leader, standby } = roles();
  leader.operator.signal('SIGSTOP');
  await until(() => writesOf(standby).length > 10, 'the standby has taken over');
  leader.operator.signal('SIGCONT');
  await expectHandover(leader, standby);
  expect(leader.operator.errors).toBe('');
});

test('a leader that is cut off from the API server writes nothing when it is back', async () => {
  const { leader, standby } = roles();
  leader.proxy.inject({ match: {}, when: 'before', action: { type: 'silence' } });
  await until(() => writesOf(standby).length > 10, 'the standby has taken over');
  const silent = writesOf(leader).length;
  leader.proxy.heal();
  await pause(2_000);
  expect(writesOf(leader).length).toBe(silent);
  expect(leader.operator.errors).toBe('');
});
