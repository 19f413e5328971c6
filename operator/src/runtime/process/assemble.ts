import { Applier } from '../apply/applier.ts';
import { Remover } from '../apply/remover.ts';
import { Cache } from '../cache/cache.ts';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { EventRecorder } from '../events/recorder.ts';
import { KindRegistry } from '../kind-registry.ts';
import { ObjectClient } from '../object-client.ts';
import { AppliedMemo } from '../reconcile/applied-memo.ts';
import type { Services } from '../reconcile/context.ts';
import { ControllerRunner } from '../reconcile/controller-runner.ts';
import { kindText } from '../resource-kind.ts';
import type { ManagerOptions } from './manager-options.ts';
import { watchCache } from '../telemetry/cache-metrics.ts';
import { createCallMetrics } from '../telemetry/call-metrics.ts';
import { metricsOn } from '../telemetry/factory.ts';
import type { MetricFactory } from '../telemetry/factory.ts';
import { createQueueTelemetry } from '../telemetry/queue-metrics.ts';
import { createReconcileMetrics } from '../telemetry/reconcile-metrics.ts';
import { Transport } from '../transport/transport.ts';

/** The parts of an operator, connected and not started. */
export interface Assembly {
  readonly clock: Clock;
  readonly random: () => number;
  readonly factory: MetricFactory;
  readonly transport: Transport;
  readonly cache: Cache;
  readonly recorder: EventRecorder;
  readonly runners: readonly ControllerRunner[];
}

/** @throws Error when controllers contradict each other. */
export function assemble(options: ManagerOptions): Assembly {
  const { cluster, requestRate, clock = systemClock, random = Math.random } = options;
  const factory = metricsOn(options.registry);
  const onCall = createCallMetrics(factory, cluster.server.host);
  const transport = new Transport({ cluster, clock, random, onCall, ...(requestRate && { rate: requestRate }) });
  const client = new ObjectClient(transport, options.ownership.fieldManager);
  const cache = createCache(options, { transport, client, clock, random });
  watchCache(factory, cache);
  const reporter = { controller: options.name, instance: options.instance };
  const recorder = new EventRecorder({ client, clock, log: options.log, reporter });
  const services = createServices(options, { client, cache, clock, recorder, factory });
  const runners = createRunners(options, services, { clock, random, factory });
  return { clock, random, factory, transport, cache, recorder, runners };
}

function createCache(
  options: ManagerOptions,
  parts: {
    readonly transport: Transport;
    readonly client: ObjectClient;
    readonly clock: Clock;
    readonly random: () => number;
  },
): Cache {
  const { namespaces, ownership, log, controllers } = options;
  const { ownerLabel } = ownership;
  const cache = new Cache({ ...parts, ownerLabel, log, ...(namespaces && { namespaces }) });
  for (const { kind, owns, watches } of controllers) {
    cache.add({ kind });
    for (const watch of [...owns, ...watches]) cache.add(watch);
  }
  return cache;
}

function createServices(
  { ownership, log }: ManagerOptions,
  parts: Pick<Services, 'client' | 'cache' | 'clock' | 'recorder'> & { readonly factory: MetricFactory },
): Services {
  const { client, cache, clock, recorder, factory } = parts;
  const kinds = new KindRegistry();
  for (const kind of cache.kinds()) kinds.add(kind);
  const idle = factory.counter('apply_idle_writes_total', 'Writes that changed nothing', ['kind']);
  const applier = new Applier({
    ...{ client, cache, kinds, ownership },
    onIdleWrite(ref, { differences }) {
      idle.inc({ kind: kindText(ref.kind) });
      const paths = differences.map(({ path }) => path);
      log.warn({ kind: ref.kind.kind, namespace: ref.namespace, name: ref.name, paths }, 'a write changed nothing');
    },
  });
  const remover = new Remover({ client, cache, kinds, ownership });
  return { client, cache, applier, remover, memo: new AppliedMemo(cache), recorder, clock };
}

function createRunners(
  { controllers, ownership, log }: ManagerOptions,
  services: Services,
  parts: { readonly clock: Clock; readonly random: () => number; readonly factory: MetricFactory },
): readonly ControllerRunner[] {
  const { clock, random, factory } = parts;
  const metricsFor = createReconcileMetrics(factory);
  const queueTelemetry = createQueueTelemetry(factory, clock);
  return controllers.map((controller) => {
    const metrics = metricsFor(controller.name, controller.concurrency);
    return new ControllerRunner({ controller, services, ownership, clock, random, log, metrics, queueTelemetry });
  });
}
