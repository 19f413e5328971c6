import type { ErrorPolicy } from '../errors.ts';
import { RuntimeError } from '../errors.ts';
import type { KubeObject, LiveObject } from '../object.ts';
import { controllerOf } from '../object.ts';
import type { Ownership } from '../ownership.ts';
import type { ObjectRef } from '../resource-kind.ts';
import { describeRef } from '../resource-kind.ts';
import type { DesiredObject } from '../step.ts';
import { appliedDigest } from './applied-digest.ts';

/** An object of this name exists and is not ours. It is never touched; a person removes it or has it adopted. */
export class NameConflict extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'never', reason: 'NameConflict' };
  readonly ref: ObjectRef;

  /** @param hint what to do about one that nothing controls. */
  constructor(ref: ObjectRef, live: LiveObject, hint?: string) {
    const owner = controllerOf(live);
    const whose = owner ? `belongs to ${owner.kind} ${owner.name}` : 'was not made by this operator for this object';
    super(`${describeRef(ref)} exists and ${whose}${owner || !hint ? '' : `: ${hint}`}`);
    this.ref = ref;
  }
}

/** Whether the live object is the owner's: its controller by UID, or, where nothing controls it, labelled with the UID. */
export function isOwnedBy(live: LiveObject, ownerUid: string, ownership: Ownership): boolean {
  const controller = controllerOf(live);
  return controller ? controller.uid === ownerUid : live.metadata.labels?.[ownership.ownerLabel] === ownerUid;
}

/**
 * The object as it is applied: with the owner's mark, the digest and, unless it is to outlive its owner, the reference by
 * which the garbage collector removes it. A reference cannot cross namespaces; the label alone then says whose it is.
 */
export function stamp(wanted: DesiredObject, owner: LiveObject, ownership: Ownership, retain: boolean): DesiredObject {
  const { metadata } = wanted;
  const sameNamespace = owner.metadata.namespace === undefined || owner.metadata.namespace === metadata.namespace;
  const references = retain || !sameNamespace ? [] : [referenceTo(owner)];
  const ownerReferences = [...(metadata.ownerReferences ?? []), ...references];
  const marked = {
    ...wanted,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [ownership.ownerLabel]: owner.metadata.uid },
      ...(ownerReferences.length > 0 && { ownerReferences }),
    },
  };
  const annotations = { ...metadata.annotations, [ownership.appliedAnnotation]: appliedDigest(marked) };
  return { ...marked, metadata: { ...marked.metadata, annotations } };
}

// No `blockOwnerDeletion`: our finalizer orders the deletion, and setting it needs a permission on the owner.
function referenceTo(owner: KubeObject & { readonly metadata: { readonly uid: string } }): {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: true;
} {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true };
}
