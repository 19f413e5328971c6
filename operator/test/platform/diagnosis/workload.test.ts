import type { ClusterEvent, ClusterWords } from '../../../src/platform/diagnosis/cluster-words.ts';
import type { Workload } from '../../../src/platform/diagnosis/workload.ts';
import { diagnoseWorkload } from '../../../src/platform/diagnosis/workload.ts';

const signal = new AbortController().signal;

/** What the cluster says about each UID. */
function words(events: Readonly<Record<string, readonly ClusterEvent[]>> = {}): ClusterWords & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    warnings: async ({ uid }) => {
      asked.push(uid);
      return events[uid] ?? [];
    },
    logTail: async () => undefined,
  };
}

const object = (kind: string, name: string, status: object = {}): never =>
  ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'acme', uid: name }, status }) as never;
const workload = (more: Partial<Workload> = {}): Workload => ({
  controller: object('StatefulSet', 'acme-postgres'),
  pods: [],
  ...more,
});
const event = (reason: string, message: string): ClusterEvent => ({ reason, message });

test('nothing is wrong with what is only starting', async () => {
  expect(await diagnoseWorkload(workload(), words(), signal)).toBeUndefined();
});

test('a Deployment copies the refusal of its pods into a condition, and no event is asked for', async () => {
  const message = 'pods "acme-search-7d9f-x7k2p" is forbidden: exceeded quota: q, requested: pods=1';
  const conditions = [{ type: 'ReplicaFailure', status: 'True', message }];
  const cluster = words();
  const found = await diagnoseWorkload(workload({ controller: object('Deployment', 'a', { conditions }) }), cluster, signal); // prettier-ignore
  expect(found).toEqual({
    reason: 'QuotaExceeded',
    message: 'pods are forbidden: exceeded quota: q, requested: pods=1',
  });
  expect(cluster.asked).toEqual([]);
});

test.each([
  ['pods "a" is forbidden: exceeded quota: q', 'QuotaExceeded'],
  ['pods "a" is forbidden: failed quota: q: must specify limits.cpu', 'QuotaExceeded'],
  ['pods "a" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot', 'PodSecurityViolation'],
  ['pods "a" is forbidden: error looking up service account acme/a: serviceaccount "a" not found', 'ReferenceMissing'],
  ['pods "a" is forbidden: no PriorityClass with name gold was found', 'ReferenceMissing'],
  ['pods "a" is forbidden: maximum cpu usage per Container is 1', 'PodsForbidden'],
])('the refusal %j is told as %s', async (message, reason) => {
  const cluster = words({ 'acme-postgres': [event('FailedCreate', `create Pod a in StatefulSet a failed error: ${message}`)] }); // prettier-ignore
  const found = await diagnoseWorkload(workload(), cluster, signal);
  expect(found).toEqual({ reason, message: message.replace('pods "a" is', 'pods are') });
});

test('a volume that cannot be made is nearer to the cause than the scheduler', async () => {
  const scheduled = {
    type: 'PodScheduled',
    status: 'False',
    message: 'pod has unbound immediate PersistentVolumeClaims',
  };
  const pods = [object('Pod', 'acme-postgres-0', { conditions: [scheduled] })];
  const claims = [object('PersistentVolumeClaim', 'acme-postgres-data', { phase: 'Pending' })];
  const cluster = words({ 'acme-postgres-data': [event('ProvisioningFailed', 'the disk is on fire')] });
  expect(await diagnoseWorkload(workload({ pods, claims }), cluster, signal)).toEqual({
    reason: 'VolumeNotBound',
    message: 'volume acme-postgres-data: the disk is on fire',
  });
  // A volume that says nothing leaves the word to the scheduler.
  expect(await diagnoseWorkload(workload({ pods, claims }), words(), signal)).toMatchObject({
    reason: 'Unschedulable',
  });
});

test('a Secret that cannot be mounted is told by the events of the pod, the newest first', async () => {
  const pods = [object('Pod', 'acme-search-x')];
  const failed = 'MountVolume.SetUp failed for volume "identity": secret "acme-identity" not found';
  const cluster = words({ 'acme-search-x': [event('FailedMount', failed), event('FailedMount', 'older')] });
  const controller = object('Deployment', 'acme-search');
  expect(await diagnoseWorkload({ controller, pods }, cluster, signal)).toEqual({
    reason: 'VolumeMountFailed',
    message: failed,
  });
});
