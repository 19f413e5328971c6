import { isReady } from '../../../operator/test/platform/harness/place.ts';
import type { World } from '../../../operator/test/platform/harness/world.ts';
import { isWrite } from '../../../operator/test/platform/harness/world.ts';
import type { Figure } from '../figure.ts';

const WORKLOADS = ['deployments', 'statefulsets'];

/** What one changed field of one service costs: writes to workloads, and all calls, Events aside. */
export async function measureChange(world: World): Promise<Figure[]> {
  const manager = await world.startOperator();
  const place = await world.place();
  const spec = { profile: 'dev' } as const;
  await place.ready(spec);
  await settled();
  const before = (await world.calls()).length;
  await place.apply({ ...spec, services: { search: { resources: { requests: { cpu: '123m' } } } } });
  await place.until(isReady);
  await settled();
  const calls = (await world.calls()).slice(before).filter(({ objectRef }) => objectRef?.resource !== 'events');
  await world.stopOperator(manager);
  for (const { verb, requestURI } of calls) console.error(`${verb} ${requestURI}`);
  const writes = calls.filter((call) => isWrite(call) && WORKLOADS.includes(call.objectRef?.resource ?? ''));
  return [
    { name: 'operator.workload_writes_per_change', value: writes.length, unit: 'writes' },
    { name: 'operator.calls_per_change', value: calls.length, unit: 'calls' },
  ];
}

/** What the operator says last, it says within this. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_500));
}
