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
import { isLeftBehind } from './leave-behind.ts';
import { removeAll } from './remove.ts';
import { takeSnapshots } from './snapshots.ts';

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

/** The volumes: kept unless the platform says `deletionPolicy: Delete`, or there are snapshots of them. */
export const removeVolumes: PlatformStep = {
  name: 'volumes',
  run: (context) => removeAll(volumesOf(context), context),
};

/** The keys to the volumes, once there is nothing left that they open. */
export const removeSecrets: PlatformStep = {
  name: 'secrets',
  run: (context) =>
    removeAll(context.object.spec.deletionPolicy === 'Delete' ? context.observeOwned(Secrets) : [], context),
};

/** What is in a snapshot needs its volume no longer, and its keys all the more. */
function volumesOf(context: PlatformContext): LiveObject[] {
  const { deletionPolicy } = context.object.spec;
  const saved = deletionPolicy === 'Snapshot' && !isLeftBehind(takeSnapshots.name, context);
  return saved || deletionPolicy === 'Delete' ? context.observeOwned(PersistentVolumeClaims) : [];
}

function ownedOf(kinds: readonly ResourceKind[], context: PlatformContext): LiveObject[] {
  return kinds.flatMap((kind) => context.observeOwned(kind));
}

function statefulSets(workload: string, context: PlatformContext): LiveObject[] {
  return context.observeOwned(StatefulSets).filter(({ metadata }) => metadata.labels?.[workloadLabel] === workload);
}
