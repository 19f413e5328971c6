import type { KubeObject, LiveObject, ObjectKey } from '../object.ts';
import { keyOf } from '../object.ts';
import type { Change } from './change.ts';
import { Entry } from './entry.ts';
import { OwnerIndex } from './owner-index.ts';
import { Packer } from './packer.ts';
import { isOlder } from './resource-version.ts';
import { Tombstones } from './tombstones.ts';

/** So many states of a kind are kept unpacked: an object that comes into being changes several times in a few seconds. */
const FRESH_ENTRIES = 256;

/** What identifies one version of one object. */
export interface Head {
  readonly uid: string;
  readonly resourceVersion: string;
  /** Moves only with what is cached of the object. */
  readonly contentVersion: string;
}

export interface StoreOptions {
  /** Label whose value is an owner's UID. */
  readonly ownerLabel: string;
  readonly monotonic: () => number;
}

/**
 * The objects of one kind as this process knows them: from LIST and WATCH, and from the replies to its own writes,
 * whichever is newer. Because of the replies it never lacks what this process has written, and no decision is made on
 * a state from before one's own action. Identity is the UID: another UID under the same name is a delete and an add.
 */
export class Store<T extends KubeObject = KubeObject> {
  readonly #ownerLabel: string;
  readonly #namespaces = new Map<string, Map<string, Entry<T>>>();
  readonly #owners = new OwnerIndex<T>();
  readonly #tombstones: Tombstones;
  /** By watched namespace, or `''` for the whole cluster: up to which version everything is known. */
  readonly #horizons = new Map<string, string>();
  readonly #packer = new Packer();
  /** The latest states, the oldest at `#oldestFresh`. */
  readonly #fresh: Entry<T>[] = [];
  #oldestFresh = 0;
  #size = 0;

  constructor(options: StoreOptions) {
    this.#ownerLabel = options.ownerLabel;
    this.#tombstones = new Tombstones(options.monotonic);
  }

  get size(): number {
    return this.#size;
  }

  /** Identity and version without parsing the object. */
  head(key: ObjectKey): Head | undefined {
    return this.#entry(key);
  }

  get(key: ObjectKey): LiveObject<T> | undefined {
    return this.#entry(key)?.object();
  }

  /** All objects, or those of a namespace. */
  *list(namespace?: string): Generator<LiveObject<T>> {
    for (const entry of this.#entries(namespace)) yield entry.object();
  }

  *keys(): Generator<ObjectKey> {
    for (const { namespace, name } of this.#entries()) yield { namespace, name };
  }

  /**
   * The objects that name this UID as owner, by reference or by label.
   * @param wants leaves out the others, which are not even parsed then.
   */
  ownedBy(uid: string, wants: (key: ObjectKey) => boolean = () => true): LiveObject<T>[] {
    return [...this.#owners.of(uid)].filter(wants).map((entry) => entry.object());
  }

  /**
   * Takes in the reply to a write of this process, if it is ahead of the watch. One that the watch has overtaken tells
   * nothing, and could bring back an object that was deleted since.
   */
  putReply(object: LiveObject<T>): Change<T>[] {
    const { namespace = '', resourceVersion } = object.metadata;
    const horizon = this.#horizons.get(namespace) ?? this.#horizons.get('');
    return horizon !== undefined && !isOlder(horizon, resourceVersion) ? [] : this.put(object);
  }

  /** Takes in a state of an object unless a newer one is known. Returns what changed, oldest first. */
  put(object: LiveObject<T>): Change<T>[] {
    const { uid, resourceVersion } = object.metadata;
    if (this.#tombstones.has(uid)) return [];
    const current = this.#entry(keyOf(object));
    if (current && !isNews(current, resourceVersion)) return [];
    const next = new Entry(object, this.#ownerLabel, current);
    this.#set(next);
    if (!current) return [{ type: 'added', object, previous: () => undefined }];
    if (current.uid !== uid) return [deleted(current), { type: 'added', object, previous: () => undefined }];
    if (current.contentVersion === next.contentVersion) return [];
    return [{ type: 'updated', object, previous: () => current.object() }];
  }

  /** Takes in that an object left the watch: deleted, or no longer selected. */
  remove(object: LiveObject<T>): Change<T>[] {
    const { uid, resourceVersion } = object.metadata;
    const current = this.#entry(keyOf(object));
    // Not what is known under this name, or known in a later state: written again after it left the selection.
    if (current?.uid !== uid || isOlder(resourceVersion, current.resourceVersion)) return [];
    this.#drop(current);
    return [{ type: 'deleted', object, previous: () => undefined }];
  }

  /** Takes in that this process deleted the object for good. */
  bury(key: ObjectKey, uid: string): Change<T>[] {
    this.#tombstones.add(uid);
    const current = this.#entry(key);
    if (current?.uid !== uid) return [];
    this.#drop(current);
    return [deleted(current)];
  }

  /**
   * The end of a LIST whose objects have been `put`: what it lacked is deleted, unless it was written after the list.
   * @param namespace limits it to what the LIST was limited to.
   */
  retain(listed: ReadonlySet<string>, listVersion: string, namespace?: string): Change<T>[] {
    this.seen(listVersion, namespace);
    const changes: Change<T>[] = [];
    for (const entry of [...this.#entries(namespace)]) {
      if (listed.has(entry.uid) || isOlder(listVersion, entry.resourceVersion)) continue;
      this.#drop(entry);
      changes.push(deleted(entry));
    }
    return changes;
  }

  /** The watch has shown everything up to this version. */
  seen(version: string, namespace = ''): void {
    this.#horizons.set(namespace, version);
  }

  #entry(key: ObjectKey): Entry<T> | undefined {
    return this.#namespaces.get(key.namespace)?.get(key.name);
  }

  *#entries(namespace?: string): Generator<Entry<T>> {
    if (namespace !== undefined) yield* this.#namespaces.get(namespace)?.values() ?? [];
    else for (const names of this.#namespaces.values()) yield* names.values();
  }

  #set(entry: Entry<T>): void {
    let names = this.#namespaces.get(entry.namespace);
    if (!names) this.#namespaces.set(entry.namespace, (names = new Map<string, Entry<T>>()));
    const before = names.get(entry.name);
    if (before) this.#owners.remove(before);
    else this.#size += 1;
    names.set(entry.name, entry);
    this.#owners.add(entry);
    this.#keepFresh(entry);
  }

  /** Packs the state that makes room for this one, if it still is the object's. */
  #keepFresh(entry: Entry<T>): void {
    const settled = this.#fresh[this.#oldestFresh];
    this.#fresh[this.#oldestFresh] = entry;
    this.#oldestFresh = (this.#oldestFresh + 1) % FRESH_ENTRIES;
    if (settled && this.#entry(settled) === settled) settled.pack(this.#packer);
  }

  #drop(entry: Entry<T>): void {
    const names = this.#namespaces.get(entry.namespace);
    if (!names?.delete(entry.name)) return;
    if (names.size === 0) this.#namespaces.delete(entry.namespace);
    this.#owners.remove(entry);
    this.#size -= 1;
  }
}

function isNews(current: Head, version: string): boolean {
  return version !== current.resourceVersion && !isOlder(version, current.resourceVersion);
}

function deleted<T extends KubeObject>(entry: Entry<T>): Change<T> {
  return { type: 'deleted', object: entry.object(), previous: () => undefined };
}
