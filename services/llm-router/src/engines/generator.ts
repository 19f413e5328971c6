import { promptTooLong } from '../errors.ts';
import type { GeneratedPiece, GenerateTask, Refusal } from './engine-messages.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { PieceQueue } from './piece-queue.ts';

export interface GeneratorOptions extends EngineOptions {
  readonly threads: number;
  /** Texts at the same time. */
  readonly sequences: number;
  /** Tokens of prompt and text together. */
  readonly contextTokens: number;
}

/** Texts by the embedded model in its own process. Its unit of work is a request. */
export class Generator extends Engine<GenerateTask, GeneratedPiece> {
  readonly contextTokens: number;

  constructor(options: GeneratorOptions) {
    const { threads, sequences, contextTokens } = options;
    const url = new URL('./generator/generator-process.ts', import.meta.url);
    super(options, { url, args: [threads, sequences, contextTokens] });
    this.contextTokens = contextTokens;
  }

  /**
   * The text piece by piece, as it is made; the last one says why it ended.
   *
   * @param pointer to what the prompt came from, for the error of one that is too long
   * @throws AppError 400 for a prompt that is too long, 429 when too much waits, 503 without the model
   */
  async *generate(task: GenerateTask, signal: AbortSignal, pointer = '/messages'): AsyncGenerator<GeneratedPiece> {
    const done = this.admit(1, signal);
    const queue = new PieceQueue<GeneratedPiece>();
    const cancel = this.ask(
      task,
      (answer) => {
        if (answer.kind === 'refused') return queue.fail(refused(answer.refusal, pointer));
        queue.push(answer.part);
        if (answer.kind === 'end') queue.end();
      },
      (error) => queue.fail(error),
    );
    const onAbort = (): void => queue.fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      yield* queue;
    } finally {
      signal.removeEventListener('abort', onAbort);
      cancel();
      done();
    }
  }
}

function refused(refusal: Refusal, pointer: string): Error {
  if (refusal.reason === 'failed') return new Error(`the generator failed: ${refusal.detail}`);
  return promptTooLong(refusal.tokens, refusal.limit, pointer);
}
