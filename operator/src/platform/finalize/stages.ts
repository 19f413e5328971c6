import { workloadLabel } from '@genai-platform/cdk8s';
import type { LiveObject, ResourceKind } from '../../runtime/index.ts';
import {
  Deployments,
  HorizontalPodAutoscalers,
  HttpRoutes,
  Ingresses,
  Jobs,
  PersistentVolumeClaims,
  Secrets,
  StatefulSets,
} from '../kinds.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';
import { removeAll } from './remove.ts';

/** No request comes in any more before anything that answers goes. */
export const removeEdge: PlatformStep = {
  name: 'edge',
  run: (context) => removeAll(ownedOf([Ingresses, HttpRoutes], context), context),
};

/** Autoscalers first: one that lost its target only complains. */
export const removeWorkloads: PlatformStep = {
  name: 'workloads',
  run: (context) => removeAll(ownedOf([HorizontalPodAutoscalers, Deployments, Jobs], context), context),
};

export const removeCache: PlatformStep = {
  name: 'cache',
  run: (context) => removeAll(statefulSets('cache', context), context),
};

/** Last of the servers, so that nothing loses its database while it still works. */
export const removeDatabase: PlatformStep = {
  name: 'database',
  run: (context) => removeAll(statefulSets('postgres', context), context),
};

/** The volumes: kept unless the platform says `deletionPolicy: Delete`. */
export const removeVolumes: PlatformStep = {
  name: 'volumes',
  run: (context) => removeAll(dataOf(PersistentVolumeClaims, context), context),
};

/** The keys to the volumes, once there is nothing left that they open. */
export const removeSecrets: PlatformStep = {
  name: 'secrets',
  run: (context) => removeAll(dataOf(Secrets, context), context),
};

function dataOf(kind: ResourceKind, context: PlatformContext): LiveObject[] {
  return context.object.spec.deletionPolicy === 'Delete' ? context.observeOwned(kind) : [];
}

function ownedOf(kinds: readonly ResourceKind[], context: PlatformContext): LiveObject[] {
  return kinds.flatMap((kind) => context.observeOwned(kind));
}

function statefulSets(workload: string, context: PlatformContext): LiveObject[] {
  return context.observeOwned(StatefulSets).filter(({ metadata }) => metadata.labels?.[workloadLabel] === workload);
}
