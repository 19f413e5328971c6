import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { Request } from 'express';

/**
 * The digest by which a repeated request is known: method, address, content and, for a form, the content of its parts
 * (a client that repeats a form may choose another boundary).
 */
export class Fingerprint {
  readonly #hash: Hash;

  constructor(req: Request) {
    this.#hash = createHash('sha256').update(`${req.method} ${req.originalUrl}\n`);
  }

  update(piece: string | Uint8Array): void {
    this.#hash.update(piece);
  }

  /** To be called once. */
  digest(): Buffer {
    return this.#hash.digest();
  }
}
