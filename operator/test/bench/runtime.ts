import { Registry } from 'prom-client';
import { startControlPlane } from '../../../test/harness/control-plane.ts';
import { Store } from '../../src/runtime/cache/store.ts';
import type { KubeObject, LiveObject, Step } from '../../src/runtime/index.ts';
import { defineController, done, fromKubeconfig, startManager } from '../../src/runtime/index.ts';
import { builtIn } from '../harness/kinds.ts';
import { quietLog } from '../harness/quiet-log.ts';
import { typicalObjects } from '../harness/typical-objects.ts';
import { pause, until } from '../harness/until.ts';
import type { Widget } from '../harness/widget.ts';
import { aWidget, installWidgets, widgets } from '../harness/widget.ts';
import { testOwnership } from '../harness/workbench.ts';

/**
 * What the runtime itself costs, one JSON line per figure: the CPU of a look at an object at rest that owns 60 others, and
 * the memory of a cached object. Run with `hack/run operator/test/bench/runtime.ts`.
 */

const looksPerRound = 400;

function print(name: string, value: number, unit: string): void {
  process.stdout.write(`${JSON.stringify({ name, value: Number(value.toFixed(3)), unit })}\n`);
}

/** Four of each kind of object, 60 in all. */
function render(owner: string): KubeObject[] {
  const renamed = (object: KubeObject, copy: number): KubeObject => {
    const name = `${owner}-${object.metadata.name}-${copy}`;
    return { ...structuredClone(object), metadata: { ...object.metadata, name } };
  };
  return [0, 1, 2, 3].flatMap((copy) => typicalObjects.map((object) => renamed(object, copy)));
}

const eager: Step<Widget> = {
  name: 'all',
  condition: 'Applied',
  async run({ object, apply }) {
    await apply(render(object.metadata.name));
    return done();
  },
};

const lazy: Step<Widget> = {
  name: 'all',
  condition: 'Applied',
  async run({ object, apply }) {
    const { name, generation } = object.metadata;
    await apply({ name: 'all', inputs: String(generation), render: () => render(name) });
    return done();
  },
};

async function cpuPerLook(step: Step<Widget>): Promise<number> {
  const plane = await startControlPlane({ controllers: false });
  await installWidgets(plane);
  await plane.request('POST', '/apis/test.example.com/v1/namespaces/default/widgets', aWidget('one'));
  const registry = new Registry();
  const owns = Object.values(builtIn);
  const controllers = [defineController<Widget>({ kind: widgets, owns, steps: [step], concurrency: 1, resyncMs: 1 })];
  const cluster = await fromKubeconfig(plane.kubeconfig);
  const common = { ownership: testOwnership, registry, log: quietLog(), name: 'bench', instance: 'bench' };
  const manager = await startManager({ cluster, controllers, ...common });
  const looks = async (): Promise<number> => {
    const metric = await registry.getSingleMetric('controller_runtime_reconcile_total')?.get();
    return metric?.values.find(({ labels }) => labels['result'] === 'success')?.value ?? 0;
  };
  await until(async () => (await looks()) > looksPerRound, 'warm', 120_000);
  await pause(1_000);
  const [before, from] = [process.cpuUsage(), await looks()];
  await until(async () => (await looks()) > from + looksPerRound, 'measured', 120_000);
  const { user, system } = process.cpuUsage(before);
  const perLookMs = (user + system) / 1000 / ((await looks()) - from);
  await manager.stop();
  await plane.stop();
  return perLookMs;
}

/** Bytes of heap per object, of the mix that a platform of 15 kinds has. */
function bytesPerObject(): number {
  const count = 60_000;
  const store = new Store({ ownerLabel: testOwnership.ownerLabel, monotonic: () => performance.now() });
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < count; index += 1) store.put(liveObject(index));
  globalThis.gc?.();
  return (process.memoryUsage().heapUsed - before) / store.size;
}

function liveObject(index: number): LiveObject {
  const object = typicalObjects[index % typicalObjects.length] as KubeObject;
  const platform = Math.floor(index / 60);
  const metadata = {
    ...object.metadata,
    name: `platform-${platform}-${object.metadata.name}-${index}`,
    namespace: `tenant-${platform}`,
    uid: crypto.randomUUID(),
    resourceVersion: String(index),
    labels: { 'app.kubernetes.io/instance': `platform-${platform}`, [testOwnership.ownerLabel]: crypto.randomUUID() },
  };
  return JSON.parse(JSON.stringify({ ...object, metadata })) as LiveObject;
}

print('runtime.cached_object_bytes', bytesPerObject(), 'B');
print('runtime.noop_cpu_ms', await cpuPerLook(eager), 'ms');
print('runtime.noop_lazy_cpu_ms', await cpuPerLook(lazy), 'ms');
