import { Subject } from '../../../operator/test/platform/harness/subject.ts';
import { until } from '../../../operator/test/harness/until.ts';
import type { World } from '../../../operator/test/platform/harness/world.ts';
import type { Figure } from '../figure.ts';

/** Connections that watch, by kind, selector and namespace scope, an hour's reconnections aside: the most at any moment. */
export async function measureWatches(world: World): Promise<Figure[]> {
  const [subject, other] = [await Subject.open(world), await world.place()];
  const namespaces = [subject.place.namespace, other.namespace];
  try {
    const proxy = await subject.start({ environment: { WATCH_NAMESPACES: namespaces.join(',') } });
    await subject.manager.whenSynced();
    const collections = (): number => Object.keys(proxy.openWatches()).length;
    await until(() => collections() >= 15, 'all watches are open');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const open = Object.values(proxy.openWatches());
    const value = open.reduce((sum, count) => sum + count, 0);
    const wanted = open.length * namespaces.length;
    const yardstick = `one for each of ${open.length} kinds (others' Secrets apart) and ${namespaces.length} namespaces: ${wanted}`;
    return [{ name: 'operator.watches', value, unit: 'connections', yardstick, ratio: value / wanted }];
  } finally {
    await subject.close();
  }
}
