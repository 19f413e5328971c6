import { Registry } from 'prom-client';
import { controllers } from '../../../operator/test/platform/harness/controllers.ts';
import { isReady } from '../../../operator/test/platform/harness/place.ts';
import { reconciles } from '../../../operator/test/platform/harness/rest.ts';
import type { World } from '../../../operator/test/platform/harness/world.ts';
import type { Figure } from '../figure.ts';
import { significant } from '../figure.ts';

const PLATFORMS = 10;
const LOOKS = 2_000;

/** Processor time of a look at a platform that rests, all of the process counted: watches and timers too. */
export async function measureNoop(world: World): Promise<Figure[]> {
  const places = await Promise.all(Array.from({ length: PLATFORMS }, () => world.place()));
  const first = await world.startOperator();
  for (const place of places) await place.apply({ profile: 'dev', ingress: { host: 'ai.example.com' } });
  for (const place of places) await place.until(isReady, 120_000);
  await world.stopOperator(first);
  const registry = new Registry();
  const manager = await world.startOperator({
    registry,
    controllers: (deps) => controllers(deps).map((controller) => ({ ...controller, resyncMs: 5 })),
  });
  await looksAfter(registry, LOOKS);
  const [before, from] = [process.cpuUsage(), await reconciles(registry)];
  await looksAfter(registry, from + LOOKS);
  const { user, system } = process.cpuUsage(before);
  const perLookMs = (user + system) / 1_000 / ((await reconciles(registry)) - from);
  await world.stopOperator(manager);
  return [{ name: 'operator.noop_cpu_ms', value: significant(perLookMs), unit: 'ms' }];
}

async function looksAfter(registry: Registry, count: number): Promise<void> {
  while ((await reconciles(registry)) < count) await new Promise((resolve) => setTimeout(resolve, 200));
}
