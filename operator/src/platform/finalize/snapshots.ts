import { dataLabel, managedBy, platformLabel } from '@genai-platform/cdk8s';
import type { LiveObject, Result } from '../../runtime/index.ts';
import { done, isNotFound, refTo, wait } from '../../runtime/index.ts';
import { asData } from '../claims.ts';
import type { PersistentVolumeClaim, VolumeSnapshot } from '../kinds.ts';
import { PersistentVolumeClaims, VolumeSnapshots } from '../kinds.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';
import { LEAVE_ANNOTATION } from './leave-behind.ts';

const LOOK_AGAIN_MS = 10_000;

/** `deletionPolicy: Snapshot`: no volume goes before a snapshot of it can be restored. The servers have ended by now. */
export const takeSnapshots: PlatformStep = {
  name: 'snapshots',
  async run(context) {
    if (context.object.spec.deletionPolicy !== 'Snapshot') return done();
    // A volume that was never made holds nothing.
    const claims = context.observeOwned(PersistentVolumeClaims).filter(({ status }) => status?.phase === 'Bound');
    const waiting: string[] = [];
    for (const claim of claims) {
      const state = await snapshot(claim, context);
      if (typeof state !== 'string') return state;
      if (state !== '') waiting.push(state);
    }
    return waiting.length === 0 ? done() : wait('SnapshotPending', waiting.join(', '), { afterMs: LOOK_AGAIN_MS });
  },
};

/** What the snapshot of a volume waits for, in words; empty once it can be restored. */
async function snapshot(claim: LiveObject<PersistentVolumeClaim>, context: PlatformContext): Promise<Result | string> {
  const wanted = snapshotOf(claim, context);
  try {
    await context.apply([wanted], asData(context.session.platform));
  } catch (error) {
    if (isNotFound(error)) return unavailable(context);
    throw error;
  }
  const { name, namespace } = wanted.metadata;
  const status = (await context.read(refTo(VolumeSnapshots, name, namespace)))?.status;
  if (status?.readyToUse === true) return '';
  const said =
    status?.error?.message ?? (status ? 'not ready to use yet' : 'no snapshot controller has taken it up yet');
  return `VolumeSnapshot ${name}: ${said}`;
}

function snapshotOf({ metadata }: LiveObject<PersistentVolumeClaim>, { object }: PlatformContext): VolumeSnapshot {
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: {
      // One for each end of a platform of this name.
      name: `${metadata.name}-final-${object.metadata.uid.slice(0, 8)}`,
      namespace: object.metadata.namespace,
      labels: {
        [platformLabel]: object.metadata.name,
        [dataLabel]: 'true',
        'app.kubernetes.io/managed-by': managedBy,
      },
    },
    spec: { source: { persistentVolumeClaimName: metadata.name } },
  };
}

function unavailable({ session, object }: PlatformContext): Result {
  const message =
    'the cluster has no VolumeSnapshot (snapshot.storage.k8s.io/v1): install a CSI driver with its snapshot controller, ' +
    `set spec.deletionPolicy, or keep the volumes with: kubectl annotate genai ${object.metadata.name} ${LEAVE_ANNOTATION}=snapshots`;
  session.problems.push({ reason: 'SnapshotsUnavailable', message });
  return wait('SnapshotsUnavailable', message, { afterMs: LOOK_AGAIN_MS });
}
