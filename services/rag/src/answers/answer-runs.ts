import { AppError, EventLog, newId, toAppError } from '@genai-platform/common';
import type { Postgres, ServerSentEvent, ServiceContext } from '@genai-platform/common';
import { Stages } from '../retrieval/stages.ts';
import type { Passage } from '../retrieval/retriever.ts';
import { beginAnswer, endAnswer, eventsAfter, findAnswer, keepEvents } from '../store/answer-rows.ts';
import type { AnswerEvent, AnswerRow } from '../store/answer-rows.ts';
import type { Caller } from '../store/caller.ts';
import type { Answer, AnswerRequest } from './answer-request.ts';
import type { Answerer } from './answerer.ts';

export interface AnswerRunsOptions {
  readonly context: ServiceContext;
  readonly db: Postgres;
  readonly answerer: Answerer;
  readonly retentionSeconds: number;
  readonly describe: (passage: Passage) => unknown;
}

/** An answer that is being worked on in this process. */
export interface AnswerRun {
  readonly id: string;
  readonly log: EventLog;
  readonly stages: Stages;
  /** @throws what the work has thrown */
  readonly done: Promise<Answer>;
}

/** For everything together: retrieval, and a model that writes slowly. */
const DEADLINE_MS = 120_000;
const MAX_RUNNING = 64;
/** How often what has happened is written down, and an answer of another process looked at. */
const KEEP_MS = 300;
const FOLLOW_MS = 300;

/**
 * Works on answers apart from the connections that ask for them: a client that loses its stream takes it up again where it
 * was, on this pod or another.
 */
export class AnswerRuns {
  readonly #options: AnswerRunsOptions;
  readonly #running = new Map<string, AnswerRun>();
  readonly #stop = new AbortController();

  constructor(options: AnswerRunsOptions) {
    this.#options = options;
    options.context.lifecycle.onClose('answers', async () => {
      this.#stop.abort(new AppError('RAG_STOPPING', { status: 503, detail: 'the service is stopping' }));
      await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
    });
  }

  /** @throws AppError 429 when as many are being worked on as may be */
  async begin(caller: Caller, request: AnswerRequest): Promise<AnswerRun> {
    if (this.#running.size >= MAX_RUNNING) {
      throw new AppError('RAG_BUSY', {
        status: 429,
        detail: `${MAX_RUNNING} answers are being worked on already`,
        retryAfterSeconds: 2,
      });
    }
    const { db, retentionSeconds } = this.#options;
    const id = newId('ans');
    await beginAnswer(db, caller, { id, retentionSeconds });
    const [log, stages] = [new EventLog(), new Stages()];
    const done = this.#work(caller, request, { id, log, stages });
    const run = { id, log, stages, done };
    this.#running.set(id, run);
    // Whoever waits hears of a failure; nobody has to.
    done.catch(() => undefined).finally(() => this.#running.delete(id));
    return run;
  }

  /** The events of an answer after one of them, past and to come, from wherever it is worked on. */
  async *follow(
    caller: Caller,
    id: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ServerSentEvent, void, void> {
    const here = this.#running.get(id);
    if (here !== undefined) return yield* here.log.read(after, signal);
    const { db, context } = this.#options;
    let position = /^\d{1,9}$/.test(after ?? '') ? Number(after) : 0;
    while (!signal.aborted) {
      const row = await findAnswer(db, caller, id);
      for (const { sequence, event, data } of await eventsAfter(db, caller, id, position)) {
        yield { id: sequence, event, data };
        position = sequence;
      }
      if (row === undefined || row.status === 'completed') return;
      if (row.status === 'failed' || !row.alive) throw problemOf(row);
      await context.clock.sleep(FOLLOW_MS, signal).catch(() => undefined);
    }
  }

  async #work(caller: Caller, request: AnswerRequest, run: Omit<AnswerRun, 'done'>): Promise<Answer> {
    const { answerer, db, describe, context } = this.#options;
    const { id, log, stages } = run;
    const keeper = new EventKeeper(db, caller, id);
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const emit = (event: string, data: unknown): void =>
      keeper.add({ sequence: log.push({ event, data }), event, data });
    try {
      const answer = await answerer.answer({ id, caller, stages, signal, emit, describe }, request);
      emit('done', answer);
      await keeper.end({ status: 'completed', answer, trace: stages.list, problem: null });
      log.end();
      return answer;
    } catch (thrown) {
      const error = late(thrown, signal);
      const { status, code, detail } = toAppError(error);
      const problem = { status, code, ...(detail !== undefined && { detail }) };
      await keeper
        .end({ status: 'failed', answer: null, trace: stages.list, problem })
        .catch((failure: unknown) =>
          context.log.warn({ error: failure, answer: id }, 'the end of an answer was not kept'),
        );
      log.end(error);
      throw error;
    }
  }
}

function late(thrown: unknown, signal: AbortSignal): Error {
  if (signal.aborted && (signal.reason as Error).name === 'TimeoutError') {
    return new AppError('RAG_ANSWER_LATE', {
      status: 504,
      detail: `the answer took longer than ${DEADLINE_MS / 1_000} s`,
    });
  }
  return thrown instanceof Error ? thrown : new Error('an answer failed', { cause: thrown });
}

function problemOf({ problem }: AnswerRow): AppError {
  if (problem === null)
    return new AppError('RAG_ANSWER_LOST', { status: 502, detail: 'the process that worked on it is gone' });
  const { code, ...rest } = problem;
  return new AppError(code, { status: rest.status, ...(rest.detail !== undefined && { detail: rest.detail }) });
}

/** Writes events down in batches: a word at a time would be a transaction a word. */
class EventKeeper {
  readonly #db: Postgres;
  readonly #caller: Caller;
  readonly #id: string;
  readonly #timer: NodeJS.Timeout;
  #events: AnswerEvent[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Postgres, caller: Caller, id: string) {
    this.#db = db;
    this.#caller = caller;
    this.#id = id;
    this.#timer = setInterval(() => this.#flush(), KEEP_MS);
    this.#timer.unref();
  }

  add(event: AnswerEvent): void {
    this.#events.push(event);
  }

  async end(given: Omit<Parameters<typeof endAnswer>[2], 'id'>): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    const [db, caller, id, events] = [this.#db, this.#caller, this.#id, this.#events];
    await db.withTransaction({ identity: caller }, async (tx) => {
      await keepEvents(tx, caller, id, events);
      await endAnswer(tx, caller, { id, ...given });
    });
  }

  #flush(): void {
    this.#writing = this.#writing.then(async () => {
      const events = this.#events.splice(0);
      // What cannot be written now comes with the next batch.
      await this.#db
        .withTransaction({ identity: this.#caller }, (tx) => keepEvents(tx, this.#caller, this.#id, events))
        .catch(() => this.#events.unshift(...events));
    });
  }
}
