import { array, assert, constantFrom, nat, property, record } from 'fast-check';
import { Store } from '../../../src/runtime/cache/store.ts';
import type { LiveObject } from '../../../src/runtime/index.ts';
import type { ConfigMap } from '../../harness/widget.ts';

const ownerLabel = 'test.example.com/owner';
const key = { namespace: 'default', name: 'one' };

function aStore(): Store<ConfigMap> {
  return new Store<ConfigMap>({ ownerLabel, monotonic: () => 0 });
}

function aState(
  version: number,
  overrides: { uid?: string; value?: string; owner?: string; labelled?: string } = {},
): LiveObject<ConfigMap> {
  const { uid = 'first', value = String(version), owner, labelled } = overrides;
  const references =
    owner === undefined ? {} : { ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: owner }] };
  const labels = labelled === undefined ? {} : { labels: { [ownerLabel]: labelled } };
  const metadata = { ...key, uid, resourceVersion: String(version), ...references, ...labels };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } };
}

function typesOf(changes: readonly { readonly type: string }[]): string[] {
  return changes.map(({ type }) => type);
}

test('the reply to a write is seen at once, and the watch that brings it again later is no news', () => {
  const store = aStore();
  expect(typesOf(store.put(aState(5)))).toEqual(['added']);
  expect(typesOf(store.put(aState(9)))).toEqual(['updated']);
  expect(store.put(aState(7))).toEqual([]);
  expect(store.put(aState(9))).toEqual([]);
  expect(store.get(key)?.data).toEqual({ value: '9' });
});

test('versions are compared as numbers: 10 is after 9', () => {
  const store = aStore();
  store.put(aState(9));
  expect(typesOf(store.put(aState(10)))).toEqual(['updated']);
});

test('an object deleted and created again under its name is a delete and an add', () => {
  const store = aStore();
  store.put(aState(5, { owner: 'a' }));
  const changes = store.put(aState(9, { uid: 'second', owner: 'b' }));
  expect(changes.map(({ type, object }) => [type, object.metadata.uid])).toEqual([
    ['deleted', 'first'],
    ['added', 'second'],
  ]);
  expect(store.ownedBy('a')).toEqual([]);
  expect(store.ownedBy('b')).toHaveLength(1);
});

test('the late DELETED of a predecessor does not remove its successor', () => {
  const store = aStore();
  store.put(aState(9, { uid: 'second' }));
  expect(store.remove(aState(7))).toEqual([]);
  expect(store.size).toBe(1);
});

test('a reply that the watch has overtaken with a DELETED does not bring the object back', () => {
  const store = aStore();
  store.put(aState(5));
  store.remove(aState(8));
  store.seen('8');
  expect(store.putReply(aState(7))).toEqual([]);
  expect(store.size).toBe(0);
  expect(typesOf(store.putReply(aState(9)))).toEqual(['added']);
});

test('an object that left the selection and was written again since stays', () => {
  const store = aStore();
  store.put(aState(5));
  store.put(aState(11));
  expect(store.remove(aState(10))).toEqual([]);
  expect(store.get(key)?.data).toEqual({ value: '11' });
});

test('an object that comes back into the selection is there again', () => {
  const store = aStore();
  store.put(aState(5));
  store.remove(aState(8));
  expect(typesOf(store.put(aState(9)))).toEqual(['added']);
});

test('what this process has deleted stays deleted, whatever the watch still delivers of it', () => {
  const store = aStore();
  store.put(aState(5));
  expect(typesOf(store.bury(key, 'first'))).toEqual(['deleted']);
  expect(store.put(aState(99))).toEqual([]);
  expect(typesOf(store.put(aState(100, { uid: 'second' })))).toEqual(['added']);
});

test('a LIST deletes what it lacks, but not what was written after it was made, nor other namespaces', () => {
  const store = aStore();
  store.put(aState(5));
  expect(typesOf(store.retain(new Set(), '4'))).toEqual([]);
  expect(typesOf(store.retain(new Set(), '9', 'elsewhere'))).toEqual([]);
  expect(typesOf(store.retain(new Set(), '9', 'default'))).toEqual(['deleted']);
});

test('a new version of the same content is taken in silently', () => {
  const store = aStore();
  store.put(aState(5, { value: 'same' }));
  expect(store.put(aState(9, { value: 'same' }))).toEqual([]);
  expect(store.head(key)).toMatchObject({ resourceVersion: '9', contentVersion: '5' });
  expect(store.get(key)?.metadata.resourceVersion).toBe('9');
});

test('owned objects are found by reference and by label, once', () => {
  const store = aStore();
  store.put(aState(5, { owner: 'a', labelled: 'a' }));
  expect(store.ownedBy('a')).toHaveLength(1);
  store.put(aState(6, { labelled: 'b' }));
  expect([store.ownedBy('a').length, store.ownedBy('b').length]).toEqual([0, 1]);
});

test('nobody can corrupt the cache through what it returns', () => {
  const store = aStore();
  store.put(aState(5));
  Object.assign(store.get(key)?.data ?? {}, { value: 'corrupted' });
  expect(store.get(key)?.data).toEqual({ value: '5' });
});

/** One object's true history: each entry a state, or its deletion. */
const history = array(constantFrom('write', 'delete'), { minLength: 1, maxLength: 25 });
/** Which moment arrives out of order, and after how many events of the watch. */
const arrivals = array(record({ of: nat(24), afterEvents: nat(25) }), { maxLength: 12 });

interface Moment {
  readonly version: number;
  readonly uid: string;
  readonly deleted: boolean;
}

interface Arrival {
  readonly of: number;
  readonly afterEvents: number;
}

function historyOf(kinds: readonly string[]): Moment[] {
  let life = 0;
  let alive = false;
  return kinds.flatMap((kind, index) => {
    if (kind === 'delete' && !alive) return [];
    if (kind === 'write' && !alive) life += 1;
    alive = kind === 'write';
    return [{ version: index + 1, uid: `life-${life}`, deleted: !alive }];
  });
}

/** Feeds a store as a reflector does, and checks after each step that what it shows does not go back. */
class Replay {
  readonly #store = aStore();
  readonly #moments: readonly Moment[];
  #position = 0;
  #shown = 0;

  constructor(moments: readonly Moment[]) {
    this.#moments = moments;
  }

  run(replies: readonly Arrival[], lists: readonly Arrival[]): string | undefined {
    this.#moments.forEach((moment, events) => {
      for (const { of } of replies.filter(({ afterEvents }) => afterEvents === events)) this.#reply(this.#momentAt(of));
      for (const { of } of lists.filter(({ afterEvents }) => afterEvents === events)) this.#list(this.#momentAt(of));
      if (moment.version > this.#position) this.#event(moment);
    });
    return this.#store.get(key)?.metadata.uid;
  }

  #momentAt(index: number): Moment {
    return this.#moments[index % this.#moments.length] as Moment;
  }

  #reply({ version, uid, deleted }: Moment): void {
    if (!deleted) this.#store.putReply(aState(version, { uid }));
    this.#check();
  }

  #list({ version, uid, deleted }: Moment): void {
    // The reflector refuses a list older than what it has seen.
    if (version < this.#position) return;
    if (!deleted) this.#store.put(aState(version, { uid }));
    this.#store.retain(new Set(deleted ? [] : [uid]), String(version));
    this.#position = version;
    this.#check();
  }

  #event({ version, uid, deleted }: Moment): void {
    if (deleted) this.#store.remove(aState(version, { uid }));
    else this.#store.put(aState(version, { uid }));
    this.#store.seen(String(version));
    this.#position = version;
    this.#check();
  }

  #check(): void {
    const version = Number(this.#store.head(key)?.resourceVersion ?? this.#shown);
    if (version < this.#shown) throw new Error(`shows version ${version} after ${this.#shown}`);
    this.#shown = version;
  }
}

test('however replies, watch and lists interleave, the cache never goes back in time and ends with the truth', () => {
  assert(
    property(history, arrivals, arrivals, (kinds, replies, lists) => {
      const moments = historyOf(kinds);
      const last = moments.at(-1);
      const truth = last?.deleted === false ? last.uid : undefined;
      if (new Replay(moments).run(replies, lists) !== truth) throw new Error('does not end with the truth');
    }),
    { numRuns: 5_000 },
  );
});

test('objects at rest, of which there are many, are told and compared as on their first day', () => {
  const store = aStore();
  const many = Array.from({ length: 2_000 }, (_unused, number) => {
    const state = aState(number + 1, { uid: `uid-${number}`, value: `value of ${number}: ${'as ever '.repeat(8)}` });
    return { ...state, metadata: { ...state.metadata, name: `name-${number}` } };
  });
  for (const object of many) store.put(object);
  for (const object of many) expect(store.get({ ...key, name: object.metadata.name })).toEqual(object);
  const again = many.map((object) => ({ ...object, metadata: { ...object.metadata, resourceVersion: '3000' } }));
  expect(again.flatMap((object) => store.put(object))).toEqual([]);
  const [first] = many;
  const [change] = store.put({ ...first!, data: { value: 'new' }, metadata: { ...first!.metadata, resourceVersion: '3001' } }); // prettier-ignore
  expect([change?.type, change?.previous()?.data]).toEqual(['updated', first?.data]);
});
