import { promptTooLong } from '../errors.ts';
import type { EncodedTexts, EncodeTask, Refusal } from './engine-messages.ts';
import { Engine, type EngineOptions } from './engine.ts';

export interface EncoderOptions extends EngineOptions {
  readonly threads: number;
}

/** Vectors of texts, by the embedded encoder in its own process. Its unit of work is a text. */
export class Encoder extends Engine<EncodeTask, EncodedTexts> {
  constructor(options: EncoderOptions) {
    super(options, { url: new URL('./encoder/encoder-process.ts', import.meta.url), args: [options.threads] });
  }

  /**
   * @param pointerOf to where a text came from, for the error of one that is too long
   * @throws AppError 400 for a text that is too long, 429 when too much waits, 503 without the model
   */
  async encode(
    texts: readonly string[],
    signal: AbortSignal,
    pointerOf: (index: number) => string = (index) => (texts.length === 1 ? '/input' : `/input/${String(index)}`),
  ): Promise<EncodedTexts> {
    const done = this.admit(texts.length, signal);
    const { promise, resolve, reject } = Promise.withResolvers<EncodedTexts>();
    const cancel = this.ask(
      { texts },
      (answer) => {
        if (answer.kind === 'end') resolve(answer.part);
        if (answer.kind === 'refused') reject(refused(answer.refusal, pointerOf));
      },
      reject,
    );
    const onAbort = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      done();
    }
  }
}

function refused(refusal: Refusal, pointerOf: (index: number) => string): Error {
  if (refusal.reason === 'failed') return new Error(`the encoder failed: ${refusal.detail}`);
  return promptTooLong(refusal.tokens, refusal.limit, pointerOf(refusal.index));
}
