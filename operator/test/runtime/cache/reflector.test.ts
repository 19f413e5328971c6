import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../../test/harness/control-plane.ts';
import type { RequestInfo } from '../../harness/fault-plan.ts';
import { FaultProxy } from '../../harness/fault-proxy.ts';
import { pause, until } from '../../harness/until.ts';
import { Watched } from '../../harness/watched.ts';

let plane: ControlPlane;
let proxy: FaultProxy;
let namespaces = 0;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  proxy = await FaultProxy.start({ url: plane.url, caPem: plane.caPem, admin: plane.admin });
});

afterAll(async () => {
  await proxy.stop();
  await plane.stop();
});

/** One test's namespace with its watch, which ends with the test. */
class Scene {
  readonly namespace: string;
  readonly watched: Watched;
  readonly #since: number;

  private constructor(namespace: string, windowSeconds: number | undefined) {
    this.namespace = namespace;
    this.#since = proxy.requests.length;
    this.watched = new Watched(proxy.cluster, namespace, windowSeconds);
  }

  /** A namespace in which the ConfigMap `one` has the value 1, and a watch that has seen it. */
  static async open(windowSeconds?: number): Promise<Scene> {
    namespaces += 1;
    const namespace = `scene-${namespaces}`;
    await plane.request('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    await write(namespace, 'one', '1');
    const scene = new Scene(namespace, windowSeconds);
    await until(() => scene.watched.reflector.state === 'live', 'the watch is live');
    return scene;
  }

  write(name: string, value: string): Promise<void> {
    return write(this.namespace, name, value);
  }

  async delete(name: string): Promise<void> {
    await plane.request('DELETE', `/api/v1/namespaces/${this.namespace}/configmaps/${name}`);
  }

  sees(name: string, value: string, withinMs?: number): Promise<void> {
    return until(() => this.watched.has(name, value), `${name} is seen as ${value}`, withinMs);
  }

  requests(verb: RequestInfo['verb']): (typeof proxy.requests)[number][] {
    return proxy.requests.slice(this.#since).filter((each) => each.namespace === this.namespace && each.verb === verb);
  }

  /** How much is still open at the API server. */
  openWatches(): number {
    return this.requests('watch').filter(({ open }) => open).length;
  }
}

async function write(namespace: string, name: string, value: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}?fieldManager=somebody&force=true`;
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { v: value } });
  await plane.request('PATCH', path, { contentType: 'application/apply-patch+yaml', text });
}

/** Runs a test on a scene and cleans up after it. */
async function scene(run: (scene: Scene) => Promise<void>, windowSeconds?: number): Promise<void> {
  const opened = await Scene.open(windowSeconds);
  try {
    await run(opened);
    expect(opened.openWatches()).toBeLessThanOrEqual(1);
  } finally {
    proxy.heal();
    await opened.watched.stop();
  }
}

/** A namespace of its own, a watch of it under the faults injected before, and an end to both. */
async function bareScene(
  run: (namespace: string, watched: Watched) => Promise<void>,
  options: {
    readonly windowSeconds?: number;
    readonly optional?: boolean;
    readonly prepare?: (namespace: string) => Promise<void>;
  } = {},
): Promise<void> {
  namespaces += 1;
  const namespace = `scene-${namespaces}`;
  await plane.request('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  await options.prepare?.(namespace);
  const watched = new Watched(proxy.cluster, namespace, options.windowSeconds, options.optional);
  try {
    await run(namespace, watched);
  } finally {
    proxy.heal();
    await watched.stop();
  }
}

const watches = { verb: 'watch', kind: 'configmaps' } as const;
const lists = { verb: 'list', kind: 'configmaps' } as const;

test('additions, updates and deletions are told in order', () =>
  scene(async (here) => {
    await here.write('two', '1');
    await here.write('one', '2');
    await here.delete('two');
    await until(() => here.watched.changes.length === 4, 'all changes are told');
    expect(here.watched.changes).toEqual(['added one=1', 'added two=1', 'updated one=2', 'deleted two=1']);
  }));

test('a connection that is reset is resumed after the last event, without a new list', () =>
  scene(async (here) => {
    await here.write('one', '2');
    await here.sees('one', '2');
    expect(await proxy.breakOpen(watches, { type: 'reset' })).toBe(1);
    await here.write('one', '3');
    await here.sees('one', '3', 5_000);
    expect(here.requests('list')).toHaveLength(1);
    expect(here.watched.changes).toEqual(['added one=1', 'updated one=2', 'updated one=3']);
  }));

test('a half-open watch is found by its silence, and what was missed is recovered', () =>
  scene(async (here) => {
    await proxy.breakOpen(watches, { type: 'silence' });
    await here.write('one', '2');
    // A window of 2 s and 4 s of grace.
    await here.sees('one', '2', 8_000);
    expect(here.requests('list')).toHaveLength(1);
  }, 2));

test('a half-open watch from the first byte on is found as well', async () => {
  const fault = proxy.inject({ match: watches, when: 'before', action: { type: 'silence' }, times: 1 });
  await bareScene(
    async (namespace, watched) => {
      await until(() => fault.hits === 1, 'the watch is asked for');
      await write(namespace, 'one', '1');
      await until(() => watched.has('one', '1'), 'one is seen', 8_000);
    },
    { windowSeconds: 1 },
  );
});

test('a server that ends every watch at once is asked again with growing pauses, and loses nothing', async () => {
  const fault = proxy.inject({ match: watches, when: 'before', action: { type: 'status', code: 200 } });
  await bareScene(async (namespace, watched) => {
    await until(() => fault.hits > 0, 'the watch is asked for');
    await pause(3_000);
    // 0.1, 0.2, 0.4, 0.8, 1.6 s, of each at least half: six in 3 s, where a loop without pauses makes hundreds.
    expect(fault.hits).toBeLessThanOrEqual(8);
    await write(namespace, 'one', '1');
    proxy.heal();
    await until(() => watched.has('one', '1'), 'one is seen', 8_000);
  });
});

test('410 as an answer to the watch leads to one new list', () =>
  scene(async (here) => {
    const fault = proxy.inject({
      match: watches,
      when: 'before',
      action: { type: 'status', code: 410, reason: 'Expired' },
      times: 1,
    });
    await proxy.breakOpen(watches, { type: 'reset' });
    await here.write('one', '2');
    await here.sees('one', '2', 5_000);
    expect(fault.hits).toBe(1);
    expect(here.requests('list')).toHaveLength(2);
  }));

test('410 as an event leads to one new list, and what was deleted meanwhile is told', () =>
  scene(async (here) => {
    await here.write('two', '1');
    await here.sees('two', '1');
    proxy.inject({
      match: watches,
      when: 'after',
      action: { type: 'error-event', code: 410, reason: 'Expired' },
      times: 1,
    });
    proxy.inject({ match: lists, when: 'before', action: { type: 'delay', ms: 300 } });
    await proxy.breakOpen(watches, { type: 'reset' });
    await here.delete('one');
    await until(() => here.watched.changes.includes('deleted one=1'), 'the deletion is told');
    expect(here.requests('list')).toHaveLength(2);
    expect(here.watched.store.size).toBe(1);
  }));

test('an object that is deleted and created again while nobody watches is told as a deletion and an addition', () =>
  scene(async (here) => {
    const gap = proxy.inject({ match: watches, when: 'before', action: { type: 'reset' } });
    await proxy.breakOpen(watches, { type: 'error-event', code: 410, reason: 'Expired' });
    await until(() => gap.hits > 0, 'the watch is down');
    await here.delete('one');
    await here.write('one', '2');
    const gone = proxy.inject({
      match: watches,
      when: 'before',
      action: { type: 'status', code: 410, reason: 'Expired' },
      times: 1,
    });
    gap.remove();
    await here.sees('one', '2');
    expect(gone.hits).toBe(1);
    expect(here.watched.changes).toEqual(['added one=1', 'deleted one=1', 'added one=2']);
  }));

test('any other error event is a reason to resume, not to list', () =>
  scene(async (here) => {
    proxy.inject({
      match: watches,
      when: 'after',
      action: { type: 'error-event', code: 500, reason: 'InternalError' },
      times: 2,
    });
    await proxy.breakOpen(watches, { type: 'reset' });
    await here.write('one', '2');
    await here.sees('one', '2', 5_000);
    expect(here.requests('list')).toHaveLength(1);
  }));

test('429 is answered with the pause that it asks for', () =>
  scene(async (here) => {
    const refusal = { type: 'status', code: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 } as const;
    proxy.inject({ match: watches, when: 'before', action: refusal, times: 2 });
    await proxy.breakOpen(watches, { type: 'reset' });
    await until(() => here.requests('watch').length === 4, 'the watch is open again');
    const [, first, second, third] = here.requests('watch').map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(990);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(990);
  }));

test.each([500, 503, 403, 429])('%s on the first list is no end', async (code) => {
  const fault = proxy.inject({ match: lists, when: 'before', action: { type: 'status', code }, times: 3 });
  await scene(async (here) => {
    await here.write('one', '2');
    await here.sees('one', '2');
    expect(fault.hits).toBe(3);
  });
});

test('a line that is garbage may have hidden an event: the watch resumes before it', () =>
  scene(async (here) => {
    let hidden = 0;
    const hide = (line: string): string => {
      if (!line.includes('"v":"2"') || hidden > 0) return line;
      hidden += 1;
      return '{"type":"MODI\u0000';
    };
    proxy.inject({ match: watches, when: 'after', action: { type: 'rewrite', with: hide }, lines: -1 });
    await proxy.breakOpen(watches, { type: 'reset' });
    await until(() => here.requests('watch').length === 2, 'the watch is open again');
    await here.write('one', '2');
    await here.sees('one', '2', 5_000);
    expect(hidden).toBe(1);
    expect(here.requests('list')).toHaveLength(1);
  }));

test('garbage at the same place again and again leads to a new list', () =>
  scene(async (here) => {
    const spoil = (line: string): string => (line.includes('"v":"2"') ? 'garbage' : line);
    proxy.inject({ match: watches, when: 'after', action: { type: 'rewrite', with: spoil }, lines: -1 });
    await proxy.breakOpen(watches, { type: 'reset' });
    await here.write('one', '2');
    await here.sees('one', '2', 10_000);
    expect(here.requests('list')).toHaveLength(2);
  }));

test('a list from the past is refused: the cache never goes back in time', () =>
  scene(async (here) => {
    await here.write('one', '2');
    await here.sees('one', '2');
    const past = (body: string): string =>
      JSON.stringify({ ...(JSON.parse(body) as object), metadata: { resourceVersion: '1' }, items: [] });
    const stale = proxy.inject({ match: lists, when: 'after', action: { type: 'rewrite', with: past }, times: 2 });
    await proxy.breakOpen(watches, { type: 'error-event', code: 410, reason: 'Expired' });
    await until(() => stale.hits === 2, 'stale lists were given');
    expect(here.watched.changes).toEqual(['added one=1', 'updated one=2']);
    await here.write('one', '3');
    await here.sees('one', '3', 10_000);
    expect(here.watched.reflector.stuckMs).toBe(0);
  }));

test('a quiet watch learns newer versions from bookmarks, and so never has to list again', () =>
  scene(async (here) => {
    const before = new Set(here.requests('watch').map(({ query }) => query.get('resourceVersion')));
    await write('default', `elsewhere-${here.namespace}`, '1');
    await until(() => here.requests('watch').length >= 4, 'three windows have passed');
    const versions = here.requests('watch').map(({ query }) => Number(query.get('resourceVersion')));
    expect(Math.max(...versions)).toBeGreaterThan(Number([...before][0]));
    expect(here.requests('list')).toHaveLength(1);
    expect(here.watched.lines).toEqual([]);
  }, 3));

test('windows follow each other on one connection', () =>
  scene(async (here) => {
    await until(() => here.requests('watch').length >= 2, 'a second window');
    const before = proxy.connections;
    await until(() => here.requests('watch').length >= 4, 'two more windows');
    expect(proxy.connections).toBe(before);
  }, 2));

test('a page that expires while the list is read starts the list again, and nothing of the first start stays', async () => {
  const names = Array.from({ length: 510 }, (_, index) => `c-${String(index).padStart(3, '0')}`);
  const gone = { type: 'status', code: 410, reason: 'Expired' } as const;
  const prepare = async (namespace: string): Promise<void> => {
    await Promise.all(names.map((name) => write(namespace, name, '1')));
  };
  const expired = proxy.inject({ match: lists, when: 'before', nth: 2, times: 1, action: gone });
  const slow = proxy.inject({ match: lists, when: 'before', action: { type: 'delay', ms: 200 } });
  await bareScene(
    async (namespace, watched) => {
      await until(() => watched.store.size === 500, 'the first page is taken in');
      await plane.request('DELETE', `/api/v1/namespaces/${namespace}/configmaps/c-000`);
      await until(() => watched.reflector.hasSynced, 'the list is complete');
      expect(expired.hits).toBe(1);
      expect(slow.hits).toBeGreaterThan(0);
      expect(watched.store.size).toBe(509);
      expect(watched.changes.filter((change) => change.startsWith('deleted'))).toEqual(['deleted c-000=1']);
    },
    { prepare },
  );
});

test('a view that must be fresh is listed again, although its watch is frozen', () =>
  scene(async (here) => {
    await proxy.breakOpen(watches, { type: 'silence' });
    await here.write('one', '2');
    await here.watched.reflector.relist();
    expect(here.watched.has('one', '2')).toBe(true);
  }));

test('stopping is silent and leaves no watch open', async () => {
  const here = await Scene.open();
  await here.watched.stop();
  await until(() => here.openWatches() === 0, 'the watch is closed');
  expect(here.watched.lines).toEqual([]);
});

test('a kind that is not installed counts as empty where that is allowed', async () => {
  proxy.inject({ match: lists, when: 'before', action: { type: 'status', code: 404, reason: 'NotFound' } });
  await bareScene(
    async (_namespace, { reflector }) => {
      await reflector.whenSynced();
      expect(reflector.state).toBe('absent');
    },
    { optional: true },
  );
});

test('an API server that dies and comes back is followed on, with its past', () =>
  scene(async (here) => {
    await plane.restartApiServer();
    await here.write('one', '2');
    await here.sees('one', '2', 15_000);
    expect(here.watched.changes).toEqual(['added one=1', 'updated one=2']);
  }));
