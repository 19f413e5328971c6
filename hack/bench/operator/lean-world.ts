import { ReadinessDouble } from '../../../operator/test/platform/harness/readiness-double.ts';
import { World, auditPolicy } from '../../../operator/test/platform/harness/world.ts';

/** A world in which readiness is answered at once, and nothing costs time but the operator and the API server. */
export async function inLeanWorld<T>(measure: (world: World) => Promise<T>): Promise<T> {
  const world = await World.start({ auditPolicy, controllers: false });
  await world.pods.stop();
  const readiness = await new ReadinessDouble(world.plane).start();
  try {
    return await measure(world);
  } finally {
    readiness.stop();
    await world.stop();
  }
}
