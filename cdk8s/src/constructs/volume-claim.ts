import type { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import type { InClusterServer } from '../settings/server.ts';
import type { Named } from './plain-objects.ts';

/**
 * The volume of a server with one pod. A claim of its own, and not a template of the StatefulSet: those can never be
 * changed, while the request of a claim can grow in place.
 * https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
 */
export function volumeClaim(
  scope: Construct,
  metadata: Named,
  { storageSize, storageClassName }: InClusterServer,
): void {
  new k8s.KubePersistentVolumeClaim(scope, 'claim', {
    metadata,
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClassName !== undefined && { storageClassName }),
      resources: { requests: { storage: k8s.Quantity.fromString(storageSize) } },
    },
  });
}
