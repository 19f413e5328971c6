import type { Logger } from '@genai-platform/common';
import { engineBusy, engineUnavailable } from '../errors.ts';
import { EngineProcess, type Listener } from './engine-process.ts';
import { WorkRate } from './work-rate.ts';

export interface EngineOptions {
  readonly model: string;
  readonly folder: string;
  /** How much may wait or run; more is refused. */
  readonly maxWaiting: number;
  readonly log: Logger;
}

/** The program of an engine's process, and what it is started with after the folder of the model. */
export interface EngineProgram {
  readonly url: URL;
  readonly args: readonly (string | number)[];
}

/** An embedded model in its own process: whether it can be asked, how much it has to do, and who is refused. */
export abstract class Engine<T, A> {
  readonly model: string;
  readonly #process: EngineProcess<T, A>;
  readonly #maxWaiting: number;
  readonly #rate = new WorkRate();

  constructor({ model, folder, maxWaiting, log }: EngineOptions, { url, args }: EngineProgram) {
    this.model = model;
    this.#maxWaiting = maxWaiting;
    this.#process = new EngineProcess({ model, folder, program: url, args: args.map(String), log });
  }

  start(): this {
    this.#process.start();
    return this;
  }

  stop(): void {
    this.#process.stop();
  }

  /** Why the model cannot be asked now; nothing where it can. */
  get problem(): string | undefined {
    return this.#process.problem;
  }

  /** Resolves when the model has been loaded, or could not be. */
  get settled(): Promise<void> {
    return this.#process.settled;
  }

  /** Units of work that wait or are worked on. */
  get waiting(): number {
    return this.#rate.waiting;
  }

  /**
   * Lets `units` of work in; the returned function says that they are done. Whoever comes when nothing waits may always
   * come in, however much it is.
   *
   * @throws AppError 429 when too much waits, 503 without the model; the reason of a signal that has aborted
   */
  protected admit(units: number, signal: AbortSignal): () => void {
    signal.throwIfAborted();
    if (this.problem !== undefined) throw engineUnavailable(this.problem);
    if (this.waiting > 0 && this.waiting + units > this.#maxWaiting) {
      throw engineBusy(this.model, this.#rate.secondsToClear());
    }
    return this.#rate.begin(units);
  }

  /** Asks the process; `onFailed` hears of a process that ended, too. The returned function takes the question back. */
  protected ask(task: T, onAnswer: Listener<A>['onAnswer'], onFailed: (error: Error) => void): () => void {
    const onLost = (): void => onFailed(engineUnavailable(`the process of the model ${this.model} ended`));
    return this.#process.ask(task, { onAnswer, onLost });
  }
}
