import { countsOf, type TokenCounts } from '../api/token-counts.ts';
import type { Worded } from '../providers/provider.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { Target } from './route-book.ts';

/** Events that came together, in order. */
export type Batch<C> = readonly Worded<C>[];

/** Why the work of a provider ends whose stream nobody reads any more. */
const unread = new ProviderError({ kind: 'connection', detail: 'the stream is not read any more' });

/** A provider's stream whose first events have come: from here on there is no other target. */
export class OpenStream<C extends object> {
  readonly #rest: AsyncIterator<Batch<C>>;
  readonly #life: AbortController;
  #first: Batch<C> | undefined;
  usage: TokenCounts | undefined;
  /** Events that have come. */
  events = 0;

  private constructor(first: Batch<C>, rest: AsyncIterator<Batch<C>>, life: AbortController) {
    this.#first = first;
    this.#rest = rest;
    this.#life = life;
  }

  /** Waits for the first events. `start` gets the signal of the whole stream. */
  static async open<C extends object>(
    start: (signal: AbortSignal) => AsyncIterable<Batch<C>>,
    attempt: AbortSignal,
    client: AbortSignal,
  ): Promise<OpenStream<C>> {
    const life = new AbortController();
    const onAttempt = (): void => life.abort(attempt.reason);
    attempt.addEventListener('abort', onAttempt, { once: true });
    client.addEventListener('abort', () => life.abort(client.reason), { once: true });
    if (attempt.aborted) onAttempt();
    try {
      const events = start(life.signal)[Symbol.asyncIterator]();
      for (let next = await events.next(); next.done !== true; next = await events.next()) {
        if (next.value.length > 0) return new OpenStream(next.value, events, life);
      }
      throw new ProviderError({ kind: 'protocol', detail: 'the stream ended before its first event' });
    } catch (error) {
      life.abort(error);
      throw error;
    } finally {
      attempt.removeEventListener('abort', onAttempt);
    }
  }

  /** The events that came together, in order. Silence for longer than the target may be silent ends it. */
  async *batches({ idleTimeoutMs }: Target): AsyncGenerator<Batch<C>> {
    const timer = setTimeout(() => this.#life.abort(silentFor(idleTimeoutMs)), idleTimeoutMs);
    let isOver = false;
    try {
      for (let batch = this.#takeFirst(); batch !== undefined; batch = await this.#next()) {
        timer.refresh();
        this.events += batch.length;
        this.usage = usageIn(batch) ?? this.usage;
        yield batch;
      }
      isOver = true;
    } finally {
      clearTimeout(timer);
      // Whoever stops reading, for whatever reason, ends the provider's work too.
      if (!isOver) this.#life.abort(unread);
    }
  }

  #takeFirst(): Batch<C> | undefined {
    const first = this.#first;
    this.#first = undefined;
    return first;
  }

  async #next(): Promise<Batch<C> | undefined> {
    try {
      const next = await this.#rest.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      throw this.#life.signal.aborted ? this.#life.signal.reason : error;
    }
  }
}

/** Made when it was silent and not before: errors are dear. */
function silentFor(ms: number): ProviderError {
  return new ProviderError({ kind: 'timeout', detail: `silent for ${String(ms)} ms` });
}

function usageIn<C extends object>(batch: Batch<C>): TokenCounts | undefined {
  let usage: TokenCounts | undefined;
  for (const event of batch) {
    usage = event.counts ?? (event.isText === true ? undefined : countsOf(event.value)) ?? usage;
  }
  return usage;
}
