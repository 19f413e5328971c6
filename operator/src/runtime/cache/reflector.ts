import { Backoff } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { sleep } from '../clock.ts';
import { asError, policyOf } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { KubeObject } from '../object.ts';
import { kindText } from '../resource-kind.ts';
import { ConnectionError, isGone, isNotFound } from '../transport/api-error.ts';
import type { LineStream } from '../transport/line-stream.ts';
import type { Transport } from '../transport/transport.ts';
import type { ListTarget } from './list-into.ts';
import { listInto, StaleList } from './list-into.ts';
import { isOlder } from './resource-version.ts';
import type { WatchEvent } from './watch-event.ts';
import { GarbledWatch, parseWatchEvent } from './watch-event.ts';

/**
 * How long the server keeps one watch open. Two seconds before the end it sends a bookmark (kube-apiserver's cacher does
 * so whenever bookmarks are allowed), which makes every window a heartbeat: silence beyond it means a dead connection,
 * found within 35 s, and even a kind that never changes keeps a fresh version to resume from. The next window uses the
 * same connection. With client-go's 5-10 min a half-open connection goes unseen for longer than a minute.
 */
const defaultWindow = { seconds: 25, spreadSeconds: 5 };
/** On top of the window, for the server's own delays. */
const graceMs = 4_000;
/** A watch that ends sooner than this without a word was refused, not finished. */
const shortestWatchMs = 1_000;
/** An optional kind that is not installed is looked for this often. */
const absentRetryMs = 60_000;
/** Garbage after the same version this often: resuming from there is hopeless. */
const garbledLimit = 3;

export type ReflectorState = 'listing' | 'syncing' | 'live' | 'absent';

export interface ReflectorOptions<T extends KubeObject> extends ListTarget<T> {
  /** The kind may not be installed: then it counts as synced and empty. */
  readonly optional: boolean;
  /** How long one watch lasts: so many seconds and up to so many more. */
  readonly window?: { readonly seconds: number; readonly spreadSeconds: number };
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

/**
 * Keeps a store equal to the cluster: LIST, then WATCH from the list's version, again and again. Whatever happens it
 * goes on: it resumes after the last version seen, lists again only when the server has forgotten that version (410),
 * and never takes in a state older than one it has shown.
 */
export class Reflector<T extends KubeObject = KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #backoff: Backoff;
  #state: ReflectorState = 'listing';
  readonly #firstList = Promise.withResolvers<void>();
  #synced = false;
  #version: string | undefined;
  #mustList = true;
  #garbled = 0;
  #freshAt: number;
  /** Since when every LIST has been older than what was seen. */
  #stuckSince: number | undefined;
  #stream: LineStream | undefined;
  #listWaiters: (() => void)[] = [];

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#backoff = new Backoff({ baseMs: 100, capMs: 10_000, random: options.random });
    this.#freshAt = options.clock.monotonic();
  }

  get state(): ReflectorState {
    return this.#state;
  }

  /** Whether one LIST has been taken in completely. */
  get hasSynced(): boolean {
    return this.#synced;
  }

  /** Resolves with the first complete LIST. */
  whenSynced(): Promise<void> {
    return this.#firstList.promise;
  }

  /** Milliseconds since the server last said anything; the view is at most this old. */
  get stalenessMs(): number {
    return this.#options.clock.monotonic() - this.#freshAt;
  }

  /**
   * For how long the server has answered with the past. Minutes of it mean that the cluster was restored from a backup:
   * only a new process, which remembers nothing, can start from there.
   */
  get stuckMs(): number {
    return this.#stuckSince === undefined ? 0 : this.#options.clock.monotonic() - this.#stuckSince;
  }

  /** Runs until the signal aborts; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#mustList) await this.#list(signal);
        await this.#watch(signal);
      } catch (error) {
        if (!signal.aborted) await this.#recover(error, signal);
      }
    }
  }

  /** Lists again although nothing calls for it, and resolves when that is done: proof against a frozen watch. */
  relist(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#listWaiters.push(resolve);
    this.#mustList = true;
    this.#stream?.close();
    return promise;
  }

  async #list(signal: AbortSignal): Promise<void> {
    this.#state = 'listing';
    const served = [...this.#listWaiters];
    this.#version = await listInto(this.#options, this.#version, signal);
    this.#listWaiters = this.#listWaiters.filter((waiter) => !served.includes(waiter));
    this.#mustList = this.#listWaiters.length > 0;
    this.#settle();
    this.#stuckSince = undefined;
    this.#freshAt = this.#options.clock.monotonic();
    for (const resolve of served) resolve();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { transport, clock, scope, random } = this.#options;
    const { kind, namespace, selector: labelSelector } = scope;
    const { seconds, spreadSeconds } = this.#options.window ?? defaultWindow;
    const timeoutSeconds = seconds + Math.floor(random() * spreadSeconds);
    const query = {
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: this.#version,
      timeoutSeconds,
      labelSelector,
    };
    const openedAt = clock.monotonic();
    this.#state = 'syncing';
    const place = namespace === undefined ? {} : { namespace };
    const stream = await transport.watch(
      { verb: 'watch', kind, ...place, query, signal },
      timeoutSeconds * 1000 + graceMs,
    );
    this.#stream = stream;
    this.#state = 'live';
    // Asked to list while the watch was being opened.
    if (this.#mustList) return stream.close();
    let lines = 0;
    for await (const line of stream.lines) {
      this.#take(parseWatchEvent(line, kind));
      lines += 1;
    }
    if (lines === 0 && clock.monotonic() - openedAt < shortestWatchMs) {
      throw new ConnectionError({ verb: 'watch', kind }, new Error('the watch ended at once'));
    }
  }

  #take(event: WatchEvent<T>): void {
    const version = event.object.metadata.resourceVersion;
    // A server that has fallen behind replays; each object would be refused too, but the position must not move back.
    if (this.#version !== undefined && isOlder(version, this.#version)) return;
    const { store, transform, tell, scope } = this.#options;
    if (event.type === 'DELETED') tell(store.remove(transform(event.object)));
    else if (event.type !== 'BOOKMARK') tell(store.put(transform(event.object)));
    store.seen(version, scope.namespace);
    this.#version = version;
    this.#freshAt = this.#options.clock.monotonic();
    this.#garbled = 0;
    this.#backoff.reset();
  }

  /** Decides how to go on after a failure, and waits. */
  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const { clock, optional } = this.#options;
    if (this.#isOwnDoing(error)) return;
    const first = this.#backoff.failures === 0;
    this.#remember(error);
    if (isNotFound(error) && optional) return this.#absent(signal);
    const backoffMs = Math.max(this.#backoff.next(), policyOf(error).afterMs ?? 0);
    const delayMs = first && isGone(error) ? 0 : backoffMs;
    this.#report(error, first, delayMs);
    await sleep(clock, delayMs, signal).catch(() => undefined);
  }

  /** Whether `relist` ended the watch. */
  #isOwnDoing(error: unknown): boolean {
    return this.#listWaiters.length > 0 && this.#state === 'live' && error instanceof ConnectionError;
  }

  #remember(error: unknown): void {
    if (isGone(error) || isNotFound(error)) this.#mustList = true;
    if (error instanceof GarbledWatch && (this.#garbled += 1) >= garbledLimit) this.#mustList = true;
    if (error instanceof StaleList) this.#stuckSince ??= this.#options.clock.monotonic();
  }

  #report(error: unknown, first: boolean, delayMs: number): void {
    const { scope, log } = this.#options;
    const fields = { kind: kindText(scope.kind), namespace: scope.namespace, err: asError(error), delayMs };
    // Every connection ends some day; only what lasts is worth a person's attention.
    if (first) log.debug(fields, 'the watch was interrupted');
    else log.warn(fields, 'the watch cannot be resumed yet');
  }

  #settle(): void {
    this.#synced = true;
    this.#firstList.resolve();
  }

  async #absent(signal: AbortSignal): Promise<void> {
    const { store, scope, tell, clock, random } = this.#options;
    this.#state = 'absent';
    this.#version = undefined;
    tell(store.retain(new Set(), '', scope.namespace));
    this.#settle();
    for (const resolve of this.#listWaiters.splice(0)) resolve();
    await sleep(clock, absentRetryMs * (1 + random() / 10), signal).catch(() => undefined);
  }
}
