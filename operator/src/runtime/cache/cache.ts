import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { ObjectClient } from '../object-client.ts';
import type { KubeObject, LiveObject } from '../object.ts';
import type { ObjectRef, ResourceKind } from '../resource-kind.ts';
import { kindText } from '../resource-kind.ts';
import { asError } from '../errors.ts';
import type { Transport } from '../transport/transport.ts';
import type { Change } from './change.ts';
import { Reflector } from './reflector.ts';
import { Store } from './store.ts';
import { strip } from './strip.ts';

/** One kind to cache. */
export interface CachedKind<T extends KubeObject = KubeObject> {
  readonly kind: ResourceKind<T>;
  readonly selector?: string;
  readonly optional?: boolean;
  transform?(object: LiveObject<T>): LiveObject<T>;
}

export interface CacheOptions {
  readonly transport: Transport;
  readonly client: ObjectClient;
  /** Watch only these; absent: the whole cluster. */
  readonly namespaces?: readonly string[];
  readonly ownerLabel: string;
  readonly clock: Clock;
  readonly random?: () => number;
  readonly log: Logger;
}

type Listener = (change: Change) => void;

interface Slot {
  readonly declared: CachedKind;
  readonly store: Store;
  readonly reflectors: readonly Reflector[];
  readonly listeners: Listener[];
}

/** All cached kinds: one store for each kind, one watch for each kind and namespace scope. */
export class Cache {
  readonly #options: CacheOptions;
  readonly #slots = new Map<string, Slot>();

  constructor(options: CacheOptions) {
    this.#options = options;
  }

  /**
   * Declares a kind before the start; twice is once.
   * @throws Error when it is declared with two selectors: one watch cannot follow both.
   */
  add(declared: CachedKind): void {
    const text = kindText(declared.kind);
    const known = this.#slots.get(text)?.declared;
    if (known && known.selector !== declared.selector) {
      throw new Error(
        `${text} is watched with two selectors: ${known.selector ?? 'none'}, ${declared.selector ?? 'none'}`,
      );
    }
    if (!known) this.#slots.set(text, this.#createSlot(declared));
  }

  has(kind: ResourceKind): boolean {
    return this.#slots.has(kindText(kind));
  }

  kinds(): ResourceKind[] {
    return [...this.#slots.values()].map((slot) => slot.declared.kind);
  }

  /** @throws Error for a kind that nobody declared: its absence from the cache would look like absence from the cluster. */
  store<T extends KubeObject>(kind: ResourceKind<T>): Store<T> {
    return this.#slot(kind).store as unknown as Store<T>;
  }

  reflectors(kind: ResourceKind): readonly Reflector[] {
    return this.#slot(kind).reflectors;
  }

  /** Calls back on every change of a kind, in order. What the callback throws is logged. */
  listen(kind: ResourceKind, listener: Listener): void {
    this.#slot(kind).listeners.push(listener);
  }

  /** Takes in the reply to a write of this process, so that the next read sees it. */
  observed(ref: ObjectRef, object: LiveObject): void {
    const slot = this.#slots.get(kindText(ref.kind));
    if (slot) this.#tell(slot, slot.store.putReply(this.#transform(slot.declared, object)));
  }

  /** Takes in that this process deleted the object and the API server says it is gone. */
  gone(ref: ObjectRef, uid: string): void {
    const slot = this.#slots.get(kindText(ref.kind));
    if (slot) this.#tell(slot, slot.store.bury(ref, uid));
  }

  hasSynced(): boolean {
    return this.#all().every((reflector) => reflector.hasSynced);
  }

  /** Resolves when every kind has been listed once. */
  async whenSynced(): Promise<void> {
    await Promise.all(this.#all().map((reflector) => reflector.whenSynced()));
  }

  /** Lists the kind again, in every scope. */
  async relist(kind: ResourceKind): Promise<void> {
    await Promise.all(this.reflectors(kind).map((reflector) => reflector.relist()));
  }

  /** The longest that any view has contradicted what was seen before; see `Reflector.stuckMs`. */
  stuckMs(): number {
    return Math.max(0, ...this.#all().map((reflector) => reflector.stuckMs));
  }

  /** Follows all kinds until the signal aborts; resolves when every watch has ended. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#all().map((reflector) => reflector.run(signal)));
  }

  #all(): Reflector[] {
    return [...this.#slots.values()].flatMap((slot) => slot.reflectors);
  }

  #slot(kind: ResourceKind): Slot {
    const slot = this.#slots.get(kindText(kind));
    if (!slot) throw new Error(`${kindText(kind)} is not declared by any controller`);
    return slot;
  }

  #createSlot(declared: CachedKind): Slot {
    const { clock, ownerLabel, namespaces } = this.#options;
    const store = new Store({ ownerLabel, monotonic: () => clock.monotonic() });
    const listeners: Listener[] = [];
    const scopes = declared.kind.namespaced ? (namespaces ?? [undefined]) : [undefined];
    const slot = { declared, store, listeners };
    return { ...slot, reflectors: scopes.map((namespace) => this.#createReflector(slot, namespace)) };
  }

  #createReflector(slot: Omit<Slot, 'reflectors'>, namespace: string | undefined): Reflector {
    const { kind, selector, optional } = slot.declared;
    const { transport, client, clock, log, random } = this.#options;
    return new Reflector({
      scope: { kind, ...(selector !== undefined && { selector }), ...(namespace !== undefined && { namespace }) },
      store: slot.store,
      transform: (object) => this.#transform(slot.declared, object),
      tell: (changes) => {
        this.#tell(slot, changes);
      },
      optional: optional ?? false,
      random: random ?? Math.random,
      ...{ transport, client, clock, log },
    });
  }

  #transform(declared: CachedKind, object: LiveObject): LiveObject {
    const stripped = strip(object);
    return declared.transform ? declared.transform(stripped) : stripped;
  }

  #tell(slot: Pick<Slot, 'listeners' | 'declared'>, changes: readonly Change[]): void {
    for (const change of changes) {
      for (const listener of slot.listeners) {
        try {
          listener(change);
        } catch (error) {
          this.#options.log.error({ err: asError(error), kind: kindText(slot.declared.kind) }, 'a listener failed');
        }
      }
    }
  }
}
