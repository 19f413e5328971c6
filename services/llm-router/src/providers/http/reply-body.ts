import { ProviderError } from '../provider-error.ts';
import { toProviderError } from './transport-error.ts';

/** What holds back and ends what comes. */
export interface BodyControl {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** So much may wait to be read, in bytes; then the sender is held back. */
const MOST_WAITING = 64 * 1024;

/** The body of a reply, read by one reader: it takes what has come since, however many pieces that were. */
export class ReplyBody {
  readonly #control: BodyControl;
  #waiting: Buffer[] = [];
  #size = 0;
  #isPaused = false;
  #isOver = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(control: BodyControl) {
    this.#control = control;
  }

  push(piece: Buffer): void {
    this.#waiting.push(piece);
    this.#size += piece.length;
    if (this.#size > MOST_WAITING && !this.#isPaused) {
      this.#isPaused = true;
      this.#control.pause();
    }
    this.#wake?.();
  }

  /** There is no more, for a reason or because it is complete. */
  end(error?: Error): void {
    this.#isOver = true;
    this.#error = error;
    this.#wake?.();
  }

  /** What has come, or comes next; undefined at the end. @throws the error that ended it */
  async next(): Promise<Buffer | undefined> {
    if (this.#waiting.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
    if (this.#error !== undefined) throw this.#error;
    return this.#waiting.length === 0 ? undefined : this.#take();
  }

  /** Nobody reads on: the sender is told, unless all has come. */
  cancel(): void {
    if (!this.#isOver) this.#control.abort(new Error('nobody reads on'));
  }

  #take(): Buffer {
    const [first, ...others] = this.#waiting as [Buffer, ...Buffer[]];
    const bytes = others.length === 0 ? first : Buffer.concat(this.#waiting, this.#size);
    this.#waiting = [];
    this.#size = 0;
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#control.resume();
    }
    return bytes;
  }
}

/**
 * Reads a reply whole.
 *
 * @throws ProviderError where it is too large or breaks off
 */
export async function readText({ body }: { readonly body: ReplyBody }, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for (let piece = await body.next(); piece !== undefined; piece = await body.next()) {
      size += piece.length;
      if (size > maxBytes) {
        throw new ProviderError({ kind: 'too-large', detail: `more than ${String(maxBytes)} bytes` });
      }
      pieces.push(piece);
    }
  } catch (error) {
    body.cancel();
    throw toProviderError(error);
  }
  return (pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, size)).toString('utf8');
}

/** Parses what a provider sent. @throws ProviderError where it is not a JSON object */
export function parseObject(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, without the text: it is somebody's data.
  }
  throw new ProviderError({ kind: 'protocol', detail: 'the reply is not a JSON object' });
}
