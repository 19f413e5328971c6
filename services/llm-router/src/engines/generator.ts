import type { Logger } from '@genai-platform/common';
import { engineBusy, engineUnavailable, promptTooLong } from '../errors.ts';
import type { EngineAnswer, GeneratedPiece, GenerateTask } from './engine-messages.ts';
import { EngineProcess } from './engine-process.ts';
import { PieceQueue } from './piece-queue.ts';
import { WorkRate } from './work-rate.ts';

export interface GeneratorOptions {
  readonly model: string;
  readonly folder: string;
  readonly threads: number;
  /** Texts at the same time. */
  readonly sequences: number;
  /** Tokens of prompt and text together. */
  readonly contextTokens: number;
  /** Requests that may wait or run; more are refused. */
  readonly maxWaiting: number;
  readonly log: Logger;
}

/** Texts by the embedded model in its own process. */
export class Generator {
  readonly model: string;
  readonly contextTokens: number;
  readonly #process: EngineProcess<GenerateTask, GeneratedPiece>;
  readonly #maxWaiting: number;
  readonly #rate = new WorkRate();

  constructor(options: GeneratorOptions) {
    const { model, folder, threads, sequences, contextTokens, log } = options;
    this.model = model;
    this.contextTokens = contextTokens;
    this.#maxWaiting = options.maxWaiting;
    const program = new URL('./generator/generator-process.ts', import.meta.url);
    const args = [threads, sequences, contextTokens].map(String);
    this.#process = new EngineProcess({ model, folder, program, args, log });
  }

  start(): this {
    this.#process.start();
    return this;
  }

  get problem(): string | undefined {
    return this.#process.problem;
  }

  get settled(): Promise<void> {
    return this.#process.settled;
  }

  /** Requests that wait or run. */
  get waiting(): number {
    return this.#rate.waiting;
  }

  stop(): void {
    this.#process.stop();
  }

  /**
   * The text piece by piece, as it is made; the last one says why it ended.
   *
   * @throws AppError 400 for a prompt that is too long, 429 when too much waits, 503 without the model
   */
  async *generate(task: GenerateTask, signal: AbortSignal): AsyncGenerator<GeneratedPiece> {
    signal.throwIfAborted();
    if (this.problem !== undefined) throw engineUnavailable(this.problem);
    if (this.waiting >= this.#maxWaiting) throw engineBusy(this.model, this.#rate.secondsToClear());
    const done = this.#rate.begin(1);
    const queue = new PieceQueue<GeneratedPiece>();
    const cancel = this.#process.ask(task, {
      onAnswer: (answer) => this.#hear(answer, queue),
      onLost: () => queue.fail(engineUnavailable(`the process of the model ${this.model} ended`)),
    });
    const onAbort = (): void => queue.fail(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      yield* queue;
    } finally {
      signal.removeEventListener('abort', onAbort);
      cancel();
      done();
    }
  }

  #hear(
    answer: Exclude<EngineAnswer<GeneratedPiece>, { kind: 'ready' | 'broken' }>,
    queue: PieceQueue<GeneratedPiece>,
  ): void {
    if (answer.kind === 'refused') {
      const { refusal } = answer;
      queue.fail(
        refusal.reason === 'failed'
          ? new Error(`the generator failed: ${refusal.detail}`)
          : promptTooLong(refusal.tokens, refusal.limit, '/messages'),
      );
      return;
    }
    queue.push(answer.part);
    if (answer.kind === 'end') queue.end();
  }
}
