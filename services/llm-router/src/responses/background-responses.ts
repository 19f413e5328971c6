import { AppError, toAppError } from '@genai-platform/common';
import type { Identity, Logger, ServerSentEvent } from '@genai-platform/common';
import type { ChatRequest } from '../api/chat-schemas.ts';
import type { Item, ModelResponse, ResponseEvent } from '../api/response-schemas.ts';
import type { Caller } from '../routing/caller.ts';
import type { Router } from '../routing/router.ts';
import type { ResponseStore } from '../store/response-store.ts';
import type { ResponseBuilder } from './response-builder.ts';

export interface BackgroundOptions {
  readonly router: Router;
  readonly store: ResponseStore;
  readonly log: Logger;
}

/** What is to be made, and for whom. */
export interface BackgroundWork {
  readonly identity: Identity;
  readonly chat: ChatRequest;
  readonly builder: ResponseBuilder;
  readonly items: readonly Item[];
  readonly caller: Omit<Caller, 'signal'>;
}

const MOST_RUNNING = 64;
const FLUSH_MS = 100;
/** How long a reader waits that no flush of this process wakes: the work may be another's. */
const POLL_MS = 250;
const EVENTS_AT_ONCE = 500;

/**
 * Responses that are made without their client: events go to the database as they come, so that anybody who serves may
 * read them, from the beginning or from where a stream broke off.
 */
export class BackgroundResponses {
  readonly #options: BackgroundOptions;
  readonly #running = new Map<string, { readonly gone: AbortController; readonly done: Promise<void> }>();
  readonly #waiting = new Set<() => void>();

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** Begins the work. @throws AppError 429 where as much runs as may */
  async start(work: BackgroundWork): Promise<ModelResponse> {
    if (this.#running.size >= MOST_RUNNING) {
      throw new AppError('LLM_BACKGROUND_BUSY', {
        status: 429,
        detail: `${String(MOST_RUNNING)} responses are being made in the background: try again soon`,
        retryAfterSeconds: 5,
      });
    }
    const { builder, identity, items } = work;
    const response = builder.response('in_progress');
    await this.#options.store.insert(identity, { response, items, background: true });
    const gone = new AbortController();
    const done = this.#run(work, gone).finally(() => {
      this.#running.delete(builder.id);
      this.#wake();
    });
    this.#running.set(builder.id, { gone, done });
    return response;
  }

  /** Ends the work, where this process does it; another one hears of it by the database. */
  async cancel(identity: Identity, id: string): Promise<void> {
    await this.#options.store.requestCancel(identity, id);
    const running = this.#running.get(id);
    running?.gone.abort(cancelled());
    await running?.done;
  }

  /** The events after a number, until the response has ended. */
  async *read(identity: Identity, id: string, after: number, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const { store } = this.#options;
    for (let last = after; !signal.aborted;) {
      const found = await store.find(identity, id, signal);
      const events = await store.events(identity, id, last, EVENTS_AT_ONCE);
      for (const data of events) {
        const { type, sequence_number: number } = JSON.parse(data) as ResponseEvent;
        last = number;
        yield { id: number, event: type, data };
      }
      if (events.length === EVENTS_AT_ONCE) continue;
      if (found === undefined || !['queued', 'in_progress'].includes(found.response.status)) return;
      if (found.abandoned) throw abandoned();
      await this.#next(signal);
    }
  }

  /** Ends everything that runs, and waits until that has been recorded. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { gone } of running) gone.abort(abandoned());
    await Promise.all(running.map(({ done }) => done));
  }

  async #run(work: BackgroundWork, gone: AbortController): Promise<void> {
    const { store, log } = this.#options;
    const { builder, identity, items } = work;
    const recorder = new Recorder(async (events, ended) => {
      const isUnwanted = await store.record(
        identity,
        builder.id,
        events,
        ended && { response: ended, items: [...items, ...ended.output] },
      );
      if (isUnwanted) gone.abort(cancelled());
      this.#wake();
    });
    try {
      recorder.add(builder.start());
      await this.#generate(work, recorder, gone.signal);
      const events = builder.end();
      await recorder.end(events, builder.completed());
    } catch (error) {
      const { code, message } = toAppError(gone.signal.aborted ? gone.signal.reason : error);
      const status = code === 'LLM_RESPONSE_CANCELLED' ? 'cancelled' : 'failed';
      const reason = status === 'failed' ? { code: code.toLowerCase(), message } : null;
      log.warn({ response: builder.id, code }, 'a response in the background did not complete');
      await recorder.end(builder.fail(status, reason), builder.response(status, reason)).catch((cause: unknown) => {
        log.error({ error: cause, response: builder.id }, 'the end of a response could not be kept');
      });
    }
  }

  async #generate({ chat, caller, builder }: BackgroundWork, recorder: Recorder, signal: AbortSignal): Promise<void> {
    const routed = await this.#options.router.streamChat(chat, { ...caller, signal });
    try {
      for await (const batch of routed.batches()) {
        recorder.add(batch.flatMap(({ value }) => builder.push(value)));
        recorder.throwIfFailed();
      }
      routed.finish();
    } catch (error) {
      routed.finish(error);
      throw error;
    }
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, POLL_MS);
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

type Record = (events: readonly ResponseEvent[], ended?: ModelResponse) => Promise<void>;

/** Brings events to the database together, ten times a second, in order; that is also the sign of life. */
class Recorder {
  readonly #record: Record;
  readonly #timer: NodeJS.Timeout;
  #events: ResponseEvent[] = [];
  #last: Promise<void> = Promise.resolve();
  #busy = false;
  #error: Error | undefined;

  constructor(record: Record) {
    this.#record = record;
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS);
  }

  add(events: readonly ResponseEvent[]): void {
    this.#events.push(...events);
  }

  throwIfFailed(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  /** Brings the rest, together with how it ended. */
  async end(events: readonly ResponseEvent[], response: ModelResponse): Promise<void> {
    clearInterval(this.#timer);
    await this.#last;
    await this.#record([...this.#events.splice(0), ...events], response);
  }

  #flush(): void {
    if (this.#busy) return;
    this.#busy = true;
    this.#last = this.#record(this.#events.splice(0)).then(
      () => void (this.#busy = false),
      (error: unknown) => {
        this.#busy = false;
        this.#error = error as Error;
      },
    );
  }
}

function cancelled(): AppError {
  return new AppError('LLM_RESPONSE_CANCELLED', { status: 409, detail: 'the response was cancelled' });
}

function abandoned(): AppError {
  return new AppError('LLM_RESPONSE_ABANDONED', {
    status: 503,
    detail: 'the process that made the response has ended: ask again',
  });
}
