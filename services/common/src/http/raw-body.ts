import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { ContentType } from './content-type.ts';
import { bodyStream, readBody } from './body-stream.ts';
import type { Fingerprint } from './fingerprint.ts';

/** A body taken as it is. It is bounded by the route's `maxBodyBytes`, and decoded where it came compressed. */
export class RawBody {
  readonly contentType: ContentType;
  readonly #req: IncomingMessage;
  readonly #maxBytes: number;
  readonly #fingerprint: Fingerprint | undefined;

  constructor(req: IncomingMessage, contentType: ContentType, maxBytes: number, fingerprint?: Fingerprint) {
    this.#req = req;
    this.#fingerprint = fingerprint;
    this.contentType = contentType;
    this.#maxBytes = maxBytes;
  }

  /** The bytes as they arrive. To be taken once. @throws AppError 413, 415 */
  stream(): Readable {
    return bodyStream(this.#req, this.#maxBytes, this.#fingerprint);
  }

  /** All bytes. @throws AppError 413, 415 */
  async bytes(): Promise<Buffer> {
    const bytes = await readBody(this.#req, this.#maxBytes);
    this.#fingerprint?.update(bytes);
    return bytes;
  }
}
