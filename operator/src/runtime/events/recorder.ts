import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { sleep } from '../clock.ts';
import { asError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { microTime } from '../leadership/lease.ts';
import type { CallContext, ObjectClient } from '../object-client.ts';
import type { LiveObject } from '../object.ts';
import { refTo } from '../resource-kind.ts';
import type { EventInput } from '../step.ts';
import { TokenBucket } from '../transport/token-bucket.ts';
import type { Reporter } from './event-object.ts';
import { eventObject, events } from './event-object.ts';

export interface RecorderOptions {
  readonly client: Pick<ObjectClient, 'create' | 'mergePatch'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly reporter: Reporter;
}

// As client-go's spam filter: 25 at once for one object, then one in 5 min.
const perObject = { burst: 25, perSecond: 1 / 300 };
// The same event within this time is one event with a count (client-go: 6 min).
const seriesMs = 360_000;
// Far more than a cluster can read; beyond it the process is in a loop, and its memory matters more than its story.
const longestQueue = 1_000;

interface Series {
  readonly namespace: string;
  readonly name: string;
  count: number;
  /** The count at which the server is told next: 2, 4, 8, … */
  tellAt: number;
  lastAt: number;
}

/**
 * Writes events about objects: best effort, one at a time, in the background. Repetitions become one event with a count,
 * and a chatty object is cut off. No failure here ever reaches a reconcile.
 */
export class EventRecorder {
  readonly #options: RecorderOptions;
  readonly #series = new Map<string, Series>();
  readonly #buckets = new Map<string, TokenBucket>();
  #queue: (() => Promise<void>)[] = [];
  #idle: Promise<void> = Promise.resolve();
  #sending = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  record(regarding: LiveObject, input: EventInput, context: CallContext): void {
    const now = this.#options.clock.monotonic();
    this.#forget(now);
    const text = [regarding.metadata.uid, input.type, input.reason, input.message].join('\u0000');
    const series = this.#series.get(text);
    if (series) this.#repeat(series, now, context);
    else if (this.#admits(regarding.metadata.uid)) this.#first(text, regarding, input, context);
  }

  /** Resolves when everything recorded so far is written or given up, at the latest after `withinMs`. */
  async flush(withinMs: number): Promise<void> {
    const patience = new AbortController();
    const { clock } = this.#options;
    await Promise.race([this.#idle, sleep(clock, withinMs, patience.signal).catch(() => undefined)]);
    patience.abort();
  }

  #first(text: string, regarding: LiveObject, input: EventInput, context: CallContext): void {
    const { client, clock, reporter } = this.#options;
    const sequence = randomBytes(8).toString('hex');
    const event = eventObject(regarding, input, reporter, { nowMs: clock.now(), sequence });
    const { name, namespace = '' } = event.metadata;
    this.#series.set(text, { namespace, name, count: 1, tellAt: 2, lastAt: clock.monotonic() });
    this.#send(() => client.create(events, event, context));
  }

  #repeat(series: Series, now: number, context: CallContext): void {
    const { client, clock } = this.#options;
    series.count += 1;
    series.lastAt = now;
    if (series.count < series.tellAt) return;
    series.tellAt *= 2;
    const { namespace, name, count } = series;
    const patch = { series: { count, lastObservedTime: microTime(clock.now()) } };
    this.#send(() => client.mergePatch(refTo(events, name, namespace), patch, context));
  }

  #admits(uid: string): boolean {
    let bucket = this.#buckets.get(uid);
    if (!bucket) this.#buckets.set(uid, (bucket = new TokenBucket(this.#options.clock, perObject)));
    return bucket.tryTake();
  }

  #forget(now: number): void {
    for (const [text, series] of this.#series) {
      if (now - series.lastAt > seriesMs) this.#series.delete(text);
    }
    // Full buckets say nothing; dropping them all now and then is the cheapest way to drop those.
    if (this.#buckets.size > longestQueue) this.#buckets.clear();
  }

  #send(call: () => Promise<unknown>): void {
    if (this.#queue.length >= longestQueue) return;
    this.#queue.push(async () => {
      try {
        await call();
      } catch (error) {
        this.#options.log.debug({ err: asError(error) }, 'an event was not written');
      }
    });
    if (!this.#sending) this.#idle = this.#drain();
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    for (let call = this.#queue.shift(); call; call = this.#queue.shift()) await call();
    this.#sending = false;
  }
}
