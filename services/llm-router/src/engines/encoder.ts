import type { Logger } from '@genai-platform/common';
import { engineBusy, engineUnavailable, promptTooLong } from '../errors.ts';
import type { EncodedTexts, EncodeTask } from './engine-messages.ts';
import { EngineProcess } from './engine-process.ts';
import { WorkRate } from './work-rate.ts';

export interface EncoderOptions {
  readonly model: string;
  readonly folder: string;
  readonly threads: number;
  /** Texts that may wait; more are refused. */
  readonly maxWaiting: number;
  readonly log: Logger;
}

/** Vectors of texts, by the embedded encoder in its own process. */
export class Encoder {
  readonly model: string;
  readonly #process: EngineProcess<EncodeTask, EncodedTexts>;
  readonly #maxWaiting: number;
  readonly #rate = new WorkRate();

  constructor({ model, folder, threads, maxWaiting, log }: EncoderOptions) {
    this.model = model;
    this.#maxWaiting = maxWaiting;
    const program = new URL('./encoder/encoder-process.ts', import.meta.url);
    this.#process = new EngineProcess({ model, folder, program, args: [String(threads)], log });
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

  /** Texts that wait or are being encoded. */
  get waiting(): number {
    return this.#rate.waiting;
  }

  stop(): void {
    this.#process.stop();
  }

  /** @throws AppError 400 for a text that is too long, 429 when too much waits, 503 without the model */
  async encode(texts: readonly string[], signal: AbortSignal): Promise<EncodedTexts> {
    signal.throwIfAborted();
    if (this.problem !== undefined) throw engineUnavailable(this.problem);
    // One request alone may always come in, however many texts it has.
    if (this.waiting > 0 && this.waiting + texts.length > this.#maxWaiting) {
      throw engineBusy(this.model, this.#rate.secondsToClear());
    }
    const done = this.#rate.begin(texts.length);
    try {
      return await this.#ask({ texts }, signal);
    } finally {
      done();
    }
  }

  #ask(task: EncodeTask, signal: AbortSignal): Promise<EncodedTexts> {
    const { promise, resolve, reject } = Promise.withResolvers<EncodedTexts>();
    const cancel = this.#process.ask(task, {
      onAnswer: (answer) => {
        if (answer.kind === 'end') return resolve(answer.part);
        if (answer.kind === 'part') return;
        const { refusal } = answer;
        if (refusal.reason === 'failed') return reject(new Error(`the encoder failed: ${refusal.detail}`));
        reject(
          promptTooLong(refusal.tokens, refusal.limit, task.texts.length === 1 ? '/input' : `/input/${refusal.index}`),
        );
      },
      onLost: () => reject(engineUnavailable(`the process of the model ${this.model} ended`)),
    });
    const onAbort = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', onAbort));
  }
}
