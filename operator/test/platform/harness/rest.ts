import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Counter } from 'prom-client';
import { Registry } from 'prom-client';
import { controllers } from '../../../src/controllers.ts';
import { isReady } from './place.ts';
import type { World } from './world.ts';

/** What a measurement of rest consists of. */
export interface RestOptions {
  readonly platforms: number;
  /** Of each platform, at least. */
  readonly resyncs: number;
}

const SPEC: GenAIPlatformSpec = { profile: 'dev', ingress: { host: 'ai.example.com' } };
const RESYNC_MS = 20;

/**
 * Makes platforms, waits until they rest, and has a new operator look at each again and again. Returns how often that
 * was, and what was written meanwhile by the API server's audit log, the Lease aside. The world must have an audit log.
 */
export async function restWrites(
  world: World,
  { platforms, resyncs }: RestOptions,
): Promise<{ resyncs: number; writes: string[] }> {
  const places = await Promise.all(Array.from({ length: platforms }, () => world.place()));
  const first = await world.startOperator();
  await Promise.all(places.map((place) => place.apply(SPEC)));
  for (const place of places) await place.until(isReady, 300_000);
  await world.stopOperator(first);
  const before = (await world.writes()).length;

  const registry = new Registry();
  await world.startOperator({
    registry,
    controllers: (deps) => controllers(deps).map((controller) => ({ ...controller, resyncMs: RESYNC_MS })),
  });
  const wanted = platforms * resyncs;
  let done = 0;
  while (done < wanted) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    done = await reconciles(registry);
  }
  return { resyncs: done, writes: (await world.writes()).slice(before) };
}

/** How often the operator with this registry has looked at a platform. */
export async function reconciles(registry: Registry): Promise<number> {
  const metric = registry.getSingleMetric('controller_runtime_reconcile_total') as Counter | undefined;
  return ((await metric?.get())?.values ?? []).reduce((total, { value }) => total + value, 0);
}
