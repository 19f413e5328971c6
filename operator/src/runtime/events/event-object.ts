import { microTime } from '../leadership/lease.ts';
import type { KubeObject, LiveObject } from '../object.ts';
import type { ResourceKind } from '../resource-kind.ts';
import type { EventInput } from '../step.ts';

/** events.k8s.io/v1 Event. */
export interface EventObject extends KubeObject {
  readonly eventTime: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export const events: ResourceKind<EventObject> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};

export interface Reporter {
  /** `genaiplatform.io/operator` style name of the program. */
  readonly controller: string;
  /** This process, the pod's name. */
  readonly instance: string;
}

// The API's own limit on `note`.
const longestNote = 1024;

/** @param sequence makes names unique within a process. */
export function eventObject(
  regarding: LiveObject,
  input: EventInput,
  reporter: Reporter,
  stamp: { readonly nowMs: number; readonly sequence: string },
): EventObject {
  const { name, namespace } = regarding.metadata;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    // Cluster-scoped objects have their events in `default`, where kubectl describe looks for them.
    metadata: { name: `${name.slice(0, 200)}.${stamp.sequence}`, namespace: namespace ?? 'default' },
    eventTime: microTime(stamp.nowMs),
    type: input.type,
    reason: input.reason,
    action: 'Reconcile',
    note: input.message.length <= longestNote ? input.message : `${input.message.slice(0, longestNote - 1)}…`,
    regarding: referenceTo(regarding),
    ...(input.related && { related: referenceTo(input.related) }),
    reportingController: reporter.controller,
    reportingInstance: reporter.instance,
  };
}

function referenceTo(object: KubeObject): ObjectReference {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}
