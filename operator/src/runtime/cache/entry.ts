import type { KubeObject, LiveObject } from '../object.ts';
import { keyOf } from '../object.ts';
import { PackableText } from './packable-text.ts';
import type { Packer } from './packer.ts';

/**
 * One cached state of an object: its identity, and the rest as JSON text. Text takes a third less memory than parsed
 * objects, two states are compared by one look at it, most cached objects are looked at only for their version, and
 * parsing gives every reader a copy of its own, which nobody can corrupt for others. At rest the text is packed.
 */
export class Entry<T extends KubeObject> {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** The resourceVersion at which the cached content last changed; fields that are stripped do not count. */
  readonly contentVersion: string;
  /** UIDs of owners, for the index. */
  readonly owners: readonly string[];
  readonly #text: PackableText;

  /** @param before the state that this one follows, if it is the same object. */
  constructor(object: LiveObject<T>, ownerLabel: string, before?: Entry<T>) {
    const { namespace, name } = keyOf(object);
    const same = before?.uid === object.metadata.uid ? before : undefined;
    const text = textOf(object);
    const unchanged = same !== undefined && same.#text.read() === text;
    this.namespace = namespace;
    this.name = name;
    this.uid = object.metadata.uid;
    this.resourceVersion = object.metadata.resourceVersion;
    this.owners = unchanged ? same.owners : ownersOf(object, ownerLabel);
    this.contentVersion = unchanged ? same.contentVersion : this.resourceVersion;
    // Sharing the equal text lets go of the new one.
    this.#text = unchanged ? same.#text : new PackableText(text);
  }

  object(): LiveObject<T> {
    const object = JSON.parse(this.#text.read()) as { metadata: Record<string, unknown> };
    object.metadata['resourceVersion'] = this.resourceVersion;
    return object as unknown as LiveObject<T>;
  }

  /** Makes it small; reading it costs a little more from now on. */
  pack(packer: Packer): void {
    this.#text.pack(packer);
  }
}

/** Without the resourceVersion, so that states that differ in nothing else have equal texts. */
function textOf(object: LiveObject): string {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return JSON.stringify({ ...object, metadata });
}

function ownersOf(object: LiveObject, ownerLabel: string): readonly string[] {
  const owners = new Set((object.metadata.ownerReferences ?? []).map((owner) => owner.uid));
  const labelled = object.metadata.labels?.[ownerLabel];
  if (labelled !== undefined) owners.add(labelled);
  return [...owners];
}
