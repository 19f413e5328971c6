import { Cache } from '../../../src/runtime/cache/cache.ts';
import type { LiveObject, Watch } from '../../../src/runtime/index.ts';
import { defineController, done, systemClock } from '../../../src/runtime/index.ts';
import { priorities } from '../../../src/runtime/queue/priority.ts';
import { feed, feedAll } from '../../../src/runtime/reconcile/feeder.ts';
import { quietLog } from '../../harness/quiet-log.ts';
import type { Widget } from '../../harness/widget.ts';
import { aWidget, configMaps, secrets, widgets } from '../../harness/widget.ts';

const ownerLabel = 'test.example.com/owner';

interface Bench {
  readonly cache: Cache;
  /** `key@priority` of what was added since the last time this was asked. */
  taken(): string[];
}

function aBench(watch: Watch = { kind: secrets }): Bench {
  const added: string[] = [];
  const cache = new Cache({
    transport: undefined as never,
    client: undefined as never,
    ownerLabel,
    clock: systemClock,
    log: quietLog(),
  });
  const controller = defineController<Widget>({
    kind: widgets,
    owns: [configMaps],
    watches: [watch],
    steps: [{ name: 'x', run: () => done() }],
  });
  for (const kind of [widgets, configMaps, secrets]) cache.add({ kind });
  feed(controller, cache, ownerLabel, (key, priority) => added.push(`${key}@${priority}`));
  return { cache, taken: () => added.splice(0) };
}

function put(cache: Cache, kind: typeof configMaps | typeof widgets, object: object): void {
  const live = object as LiveObject<Widget>;
  cache.observed({ kind: kind, namespace: 'default', name: live.metadata.name }, live);
}

let version = 0;

function stamped(metadata: object): object {
  version += 1;
  return { namespace: 'default', ...metadata, resourceVersion: String(version) };
}

function widget(name: string, overrides: object = {}): object {
  return { ...aWidget(name), metadata: stamped({ name, uid: `uid-${name}` }), ...overrides };
}

function configMap(metadata: object): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: stamped({ name: 'map', uid: 'uid-map', ...metadata }) };
}

const controlledBy = (name: string, kind = 'Widget'): object => ({
  ownerReferences: [{ apiVersion: 'test.example.com/v1', kind, name, uid: `uid-${name}`, controller: true }],
});

test('a change of the object itself is urgent, its status is not even a change', () => {
  const { cache, taken } = aBench();
  put(cache, widgets, widget('one'));
  expect(taken()).toEqual([`default/one@${priorities.user}`]);
  put(cache, widgets, widget('one', { status: { painted: 'red' } }));
  expect(taken()).toEqual([]);
  put(cache, widgets, widget('one', { spec: { size: 9 } }));
  put(
    cache,
    widgets,
    widget('one', { spec: { size: 9 }, metadata: stamped({ name: 'one', uid: 'uid-one', labels: { a: 'b' } }) }),
  );
  expect(taken()).toEqual([`default/one@${priorities.user}`, `default/one@${priorities.user}`]);
});

test('an owned object leads to its controller, by reference or, without one, by label', () => {
  const { cache, taken } = aBench();
  put(cache, widgets, widget('one'));
  taken();
  put(cache, configMaps, configMap(controlledBy('one')));
  expect(taken()).toEqual([`default/one@${priorities.related}`]);
  put(cache, configMaps, configMap({ name: 'retained', uid: 'r', labels: { [ownerLabel]: 'uid-one' } }));
  expect(taken()).toEqual([`default/one@${priorities.related}`]);
  put(cache, configMaps, configMap({ name: 'foreign', uid: 'f', ...controlledBy('one', 'Gadget') }));
  put(cache, configMaps, configMap({ name: 'free', uid: 'g' }));
  expect(taken()).toEqual([]);
});

test('a watch may say itself whom its objects concern', () => {
  const { cache, taken } = aBench({
    kind: secrets,
    keys: () => [
      { namespace: 'default', name: 'a' },
      { namespace: 'default', name: 'b' },
    ],
  });
  put(cache, secrets, { ...configMap({}), kind: 'Secret' });
  expect(taken()).toEqual([`default/a@${priorities.related}`, `default/b@${priorities.related}`]);
});

test('at the start everything is looked at, without haste', () => {
  const { cache } = aBench();
  put(cache, widgets, widget('one'));
  put(cache, widgets, widget('two'));
  const added: string[] = [];
  const controller = defineController<Widget>({ kind: widgets, owns: [], steps: [] });
  feedAll(controller, cache, (key, priority) => added.push(`${key}@${priority}`));
  expect(added).toEqual([`default/one@${priorities.resync}`, `default/two@${priorities.resync}`]);
});

test('a kind cannot be watched with two selectors', () => {
  const { cache } = aBench();
  expect(() => cache.add({ kind: secrets, selector: 'a=b' })).toThrow('two selectors');
});

test('two steps cannot state one condition', () => {
  const step = { name: 'x', condition: 'Same', run: () => done() };
  expect(() => defineController<Widget>({ kind: widgets, owns: [], steps: [step, step] })).toThrow('Same');
});
