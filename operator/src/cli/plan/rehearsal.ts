import { platformLabel } from '@genai-platform/cdk8s';
import { silentLogger } from '@genai-platform/common/core';
import { ownership } from '../../ownership.ts';
import { platformController } from '../../platform/controller.ts';
import type { Installation } from '../../platform/installation.ts';
import type { Platform } from '../../platform/kinds.ts';
import { Platforms } from '../../platform/kinds.ts';
import type { PlatformDeps } from '../../platform/session.ts';
import { Applier } from '../../runtime/apply/applier.ts';
import { Remover } from '../../runtime/apply/remover.ts';
import { Cache } from '../../runtime/cache/cache.ts';
import { listPages } from '../../runtime/cache/list-pages.ts';
import type { Controller, LiveObject, ResourceKind } from '../../runtime/index.ts';
import { isNotFound, refTo, systemClock } from '../../runtime/index.ts';
import { KindRegistry } from '../../runtime/kind-registry.ts';
import { AppliedMemo } from '../../runtime/reconcile/applied-memo.ts';
import type { Services } from '../../runtime/reconcile/context.ts';
import { ReconcileContext } from '../../runtime/reconcile/context.ts';
import type { Outcome } from '../../runtime/reconcile/outcome.ts';
import { failed } from '../../runtime/reconcile/outcome.ts';
import { pursue } from '../../runtime/reconcile/pursue.ts';
import type { Transport } from '../../runtime/transport/transport.ts';
import { asReady } from './ready-state.ts';
import type { Write } from './recording-client.ts';
import { RecordingClient } from './recording-client.ts';

/** What is rehearsed, and where. */
export interface Rehearsal {
  readonly transport: Transport;
  readonly installation: Installation;
  /** As the API server would store it. */
  readonly platform: LiveObject<Platform>;
  readonly signal: AbortSignal;
}

/** What the operator would do. */
export interface Rehearsed {
  readonly writes: readonly Write[];
  /** How its way would end; `done` when all of it would come about. */
  readonly outcome: Outcome;
  /** With the status that it would write at the end. */
  readonly platform: LiveObject<Platform>;
}

/** A rotation takes three reconciles; beyond these something would go on for ever. */
const MAX_RECONCILES = 12;

/**
 * Runs the operator's own controller, all its steps, on what the cluster holds now, in a world where every write is a dry
 * run and every pod gets ready. What it writes there is what it would write: no other code decides.
 * @throws ApiError where the user may not read what the operator reads
 */
export async function rehearse({ transport, installation, platform, signal }: Rehearsal): Promise<Rehearsed> {
  const client = new RecordingClient(transport, ownership.fieldManager);
  const controller = platformController(depsOf(installation));
  const services = await load(controller, { client, transport, platform, signal });
  let object = platform;
  let outcome: Outcome = { type: 'suspended' };
  for (let left = MAX_RECONCILES; left > 0 && !controller.suspended(object); left -= 1) {
    const seen = client.writes.length;
    ({ object, outcome } = await reconcile(object, { controller, services, client, signal }));
    signal.throwIfAborted();
    if (client.writes.length === seen || object.status?.rollback !== platform.status?.rollback) break;
  }
  return { writes: client.writes, outcome, platform: object };
}

interface World {
  readonly controller: Controller<Platform>;
  readonly services: Services;
  readonly client: RecordingClient;
  readonly signal: AbortSignal;
}

async function reconcile(
  object: LiveObject<Platform>,
  { controller, services, client, signal }: World,
): Promise<{ readonly object: LiveObject<Platform>; readonly outcome: Outcome }> {
  const { name, namespace } = object.metadata;
  const ref = refTo(Platforms, name, namespace);
  client.pretend(ref, object);
  const errand = { owner: object, signal, guard: () => undefined };
  const context = new ReconcileContext(services, { ref, object, log: silentLogger(), errand });
  const outcome = await pursue(controller.steps, Object.assign(context, controller.extend(context))).catch(failed);
  const status = { ...context.status, conditions: context.conditions.list() } as Platform['status'];
  return { object: { ...object, status }, outcome };
}

/** Every workload answers, and nobody needs to be asked why not. */
function depsOf(installation: Installation): PlatformDeps {
  return {
    installation,
    prober: { probe: () => Promise.resolve({ answered: true, latencyMs: 0 }) },
    words: { warnings: () => Promise.resolve([]), logTail: () => Promise.resolve(undefined) },
  };
}

interface Loading {
  readonly client: RecordingClient;
  readonly transport: Transport;
  readonly platform: LiveObject<Platform>;
  readonly signal: AbortSignal;
}

async function load(
  controller: Controller<Platform>,
  { client, transport, platform, signal }: Loading,
): Promise<Services> {
  const { ownerLabel } = ownership;
  const cache = new Cache({ transport, client, ownerLabel, clock: systemClock, log: silentLogger() });
  cache.add({ kind: Platforms });
  for (const watch of [...controller.owns, ...controller.watches]) cache.add(watch);
  const { namespace = '', name } = platform.metadata;
  await Promise.all(
    // Pods are not among them: those there are belong to what is, and a rehearsal is about what will be.
    controller.owns.map(async ({ kind, selector, optional = false }) => {
      const labels = [selector, `${platformLabel}=${name}`].filter((part) => part !== undefined).join(',');
      const objects = await listAll(client, { kind, namespace, selector: labels }, { optional, signal });
      for (const object of objects) cache.observed(refTo(kind, object.metadata.name, namespace), asReady(object));
    }),
  );
  const kinds = new KindRegistry();
  for (const kind of cache.kinds()) kinds.add(kind);
  const parts = { client, cache, kinds, ownership };
  const recorder = { record: () => undefined };
  const applier = new Applier(parts);
  return { client, cache, applier, remover: new Remover(parts), memo: new AppliedMemo(cache), recorder, clock: systemClock }; // prettier-ignore
}

async function listAll(
  client: RecordingClient,
  scope: { readonly kind: ResourceKind; readonly namespace: string; readonly selector: string },
  { optional, signal }: { readonly optional: boolean; readonly signal: AbortSignal },
): Promise<LiveObject[]> {
  const found: LiveObject[] = [];
  try {
    for await (const { items } of listPages(client, scope, signal)) found.push(...((items ?? []) as LiveObject[]));
  } catch (error) {
    if (!optional || !isNotFound(error)) throw error;
  }
  return found;
}
