import type { ServerSentEvent } from './server-sent-event.ts';

interface Entry {
  readonly sequence: number;
  readonly event: Omit<ServerSentEvent, 'id'>;
}

const MAX_EVENTS = 1_000;

/**
 * A bounded history of events in memory, for streams that a client may leave and resume within one process. Each
 * event gets a sequence number as its id. Who comes too late, or reads too slowly, is told by an event `gap` how many
 * are missing, instead of missing them in silence.
 */
export class EventLog {
  readonly #entries: Entry[] = [];
  readonly #maxEvents: number;
  readonly #waiting = new Set<() => void>();
  #last = 0;
  #ended = false;
  #error: Error | undefined;

  /** @param maxEvents how many are kept */
  constructor(maxEvents: number = MAX_EVENTS) {
    this.#maxEvents = maxEvents;
  }

  /** Adds an event, and returns its sequence number. */
  push(event: Omit<ServerSentEvent, 'id'>): number {
    if (this.#ended) throw new Error('the log has ended');
    this.#last += 1;
    this.#entries.push({ sequence: this.#last, event });
    if (this.#entries.length > this.#maxEvents) this.#entries.shift();
    this.#wake();
    return this.#last;
  }

  /** No more events will come; readers end after the last one, or with `error`. */
  end(error?: Error): void {
    this.#ended = true;
    this.#error = error;
    this.#wake();
  }

  /** The events after sequence number `after`, past and to come. */
  async *read(after: string | undefined, signal: AbortSignal): AsyncGenerator<ServerSentEvent, void, void> {
    let position = Math.max(0, Math.min(this.#last, Math.trunc(Number(after ?? 0)) || 0));
    while (!signal.aborted) {
      const oldest = this.#last - this.#entries.length + 1;
      if (position + 1 < oldest) {
        yield { event: 'gap', data: { missed: oldest - position - 1 } };
        position = oldest - 1;
        continue;
      }
      const entry = this.#entries[position + 1 - oldest];
      if (entry !== undefined) {
        position = entry.sequence;
        yield { id: entry.sequence, ...entry.event };
      } else if (this.#ended) {
        if (this.#error !== undefined) throw this.#error;
        return;
      } else {
        await this.#next(signal);
      }
    }
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
