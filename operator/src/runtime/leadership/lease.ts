import type { KubeObject, LiveObject } from '../object.ts';
import type { ResourceKind } from '../resource-kind.ts';

/** coordination.k8s.io/v1 Lease, as far as leader election uses it. */
export interface Lease extends KubeObject {
  readonly spec?: {
    /** Empty after a release. */
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export const leases: ResourceKind<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};

/** metav1.MicroTime: RFC 3339 with six digits; three, as JavaScript prints, do not parse everywhere. */
export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000Z');
}

/** The lease as this process would hold it from now on; `previous` as it is in the cluster, if it is. */
export function heldBy(
  identity: string,
  previous: LiveObject<Lease> | undefined,
  settings: {
    readonly namespace: string;
    readonly name: string;
    readonly durationSeconds: number;
    readonly nowMs: number;
  },
): Lease {
  const { namespace, name, durationSeconds, nowMs } = settings;
  const now = microTime(nowMs);
  const spec = { holderIdentity: identity, leaseDurationSeconds: durationSeconds, renewTime: now };
  const type = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
  if (!previous)
    return { ...type, metadata: { namespace, name }, spec: { ...spec, acquireTime: now, leaseTransitions: 0 } };
  const renewing = previous.spec?.holderIdentity === identity;
  const taken = { acquireTime: now, leaseTransitions: (previous.spec?.leaseTransitions ?? 0) + 1 };
  return { ...type, metadata: previous.metadata, spec: { ...previous.spec, ...spec, ...(!renewing && taken) } };
}

/** The lease given up: anyone may take it at once. */
export function released(lease: LiveObject<Lease>, nowMs: number): Lease {
  return {
    ...lease,
    spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(nowMs) },
  };
}
