import { restWrites } from '../../operator/test/platform/harness/rest.ts';
import { World, auditPolicy } from '../../operator/test/platform/harness/world.ts';
import type { Figure } from './figure.ts';

const platforms = 3;
const resyncs = 100;

/** What the operator costs an API server while nothing happens: its writes over 100 looks at each of 3 platforms. */
export async function measureOperator(): Promise<Figure[]> {
  const world = await World.start({ auditPolicy });
  try {
    const { writes } = await restWrites(world, { platforms, resyncs });
    for (const write of writes) console.error(write);
    return [{ name: 'operator.writes_at_rest', value: writes.length, unit: 'writes' }];
  } finally {
    await world.stop();
  }
}
