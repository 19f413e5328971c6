export type { Clock } from './clock.ts';
export { sleep, systemClock } from './clock.ts';
export type { Condition, ConditionStatus, Verdict } from './conditions.ts';
export { summaryConditions } from './conditions.ts';
export type { Controller, ControllerOptions, Owned, Watch } from './controller.ts';
export { defineController } from './controller.ts';
export type { ErrorPolicy } from './errors.ts';
export { JoinedErrors, RuntimeError, StaleView, TerminalError } from './errors.ts';
export type { LeaseOptions } from './leadership/lease-options.ts';
export type { Logger } from './logger.ts';
export type { Manager } from './manager.ts';
export { mapLimit } from './map-limit.ts';
export type { ManagerOptions } from './process/manager-options.ts';
export { startManager } from './manager.ts';
export type { KubeObject, LiveObject, ObjectKey, ObjectMeta, OwnerReference } from './object.ts';
export { controllerOf, keyOf, keyText } from './object.ts';
export type { Ownership } from './ownership.ts';
export { parallel } from './parallel.ts';
export type { ObjectRef, ResourceKind } from './resource-kind.ts';
export { apiVersionOf, describeRef, refTo } from './resource-kind.ts';
export type { Done, Result, Stall, Wait } from './result.ts';
export { done, stall, wait } from './result.ts';
export type {
  Applied,
  ApplyOptions,
  DeleteOptions,
  DesiredObject,
  EventInput,
  LazyObjects,
  StatusDraft,
  Step,
  StepContext,
} from './step.ts';
export type { Cluster } from './transport/cluster.ts';
export type { InClusterOptions } from './transport/in-cluster.ts';
export { inCluster } from './transport/in-cluster.ts';
export type { KubeconfigChoice } from './transport/kubeconfig.ts';
export { fromKubeconfig, fromKubeconfigs } from './transport/kubeconfig.ts';
export { ApiError } from './transport/api-error.ts';
export { NameConflict } from './apply/owner.ts';
export { ImmutableField } from './apply/immutable-field.ts';
export type { FieldDifference } from './apply/compare.ts';
export type { Plan } from './apply/plan.ts';
export { planObject } from './apply/plan.ts';
export { isNotFound } from './transport/api-error.ts';
