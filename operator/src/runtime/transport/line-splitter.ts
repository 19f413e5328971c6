import { ConnectionError } from './api-error.ts';
import type { ApiCall } from './call.ts';

const newline = 0x0a;
// An object is at most about 3 MiB as JSON (etcd's 1.5 MiB limit on the stored form, escapes and managedFields on top).
const longestLineBytes = 16 * 2 ** 20;

/** Cuts chunks at newlines on bytes, so that a character split over two chunks stays whole. */
export class LineSplitter {
  readonly #call: ApiCall;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(call: ApiCall) {
    this.#call = call;
  }

  *push(chunk: Uint8Array): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      yield this.#take(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start === chunk.length) return;
    this.#pending.push(chunk.subarray(start));
    this.#pendingBytes += chunk.length - start;
    if (this.#pendingBytes > longestLineBytes) throw new ConnectionError(this.#call, new Error('a line without end'));
  }

  /** What came after the last newline. */
  *rest(): Generator<string> {
    if (this.#pendingBytes > 0) yield this.#take(new Uint8Array());
  }

  #take(last: Uint8Array): string {
    const bytes =
      this.#pending.length === 0
        ? Buffer.from(last.buffer, last.byteOffset, last.length)
        : Buffer.concat([...this.#pending, last]);
    this.#pending = [];
    this.#pendingBytes = 0;
    return bytes.toString('utf8');
  }
}
