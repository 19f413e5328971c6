import { allowLeases } from '../../../operator/test/platform/harness/allow-leases.ts';
import { SYSTEM } from '../../../operator/test/platform/harness/install-chart.ts';
import { isReady } from '../../../operator/test/platform/harness/place.ts';
import type { Life } from '../../../operator/test/platform/harness/subject.ts';
import { Subject, writesThrough } from '../../../operator/test/platform/harness/subject.ts';
import { until } from '../../../operator/test/harness/until.ts';
import type { World } from '../../../operator/test/platform/harness/world.ts';
import type { Figure } from '../figure.ts';
import { median, significant } from '../figure.ts';

const ROUNDS = 3;

/** From the death of the leader, which says nothing to anybody, to the first write of the other one. Default lease. */
export async function measureTakeover(world: World): Promise<Figure[]> {
  await allowLeases(world.plane);
  const subject = await Subject.open(world);
  const seconds: number[] = [];
  try {
    let leader = await subject.startProcess('operator-0');
    await subject.place.apply({ profile: 'dev' });
    await subject.place.until(isReady, 180_000);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const standby = await subject.startProcess(`operator-${round}`);
      // It must have seen the Lease, or it would wait longer than one that has.
      await until(() => standby.proxy.requests.filter(({ kind }) => kind === 'leases').length > 2, 'it stands by', 60_000); // prettier-ignore
      seconds.push(await takeover(subject, leader, standby));
      leader = standby;
    }
  } finally {
    await subject.close();
  }
  const yardstick = `lease of 15 s and retry of 2 s: 17 s; the Lease ${SYSTEM}/${subject.lease}`;
  const value = median(seconds);
  return [{ name: 'operator.takeover_s', value: significant(value), unit: 's', yardstick, ratio: significant(value / 17) }]; // prettier-ignore
}

async function takeover({ place }: Subject, leader: Life, standby: Life): Promise<number> {
  const since = performance.now();
  leader.process.signal('SIGKILL');
  await place.patch('services', 'acme-search', { metadata: { labels: { 'app.kubernetes.io/part-of': 'edited' } } });
  await until(() => writesThrough(standby.proxy).length > 0, 'the standby has taken over', 60_000);
  const [first] = writesThrough(standby.proxy);
  return (standby.proxy.startedAt + (first?.atMs ?? 0) - since) / 1_000;
}
