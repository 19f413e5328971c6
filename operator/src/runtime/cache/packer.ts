import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** What raw deflate can look back on (RFC 1951); text before that would not be found. */
const WINDOW_BYTES = 32 * 1024;

/**
 * Packs texts that resemble each other: objects of one kind differ in names, UIDs and little else. The first texts become
 * the preset dictionary of the others, which then take a tenth of their size or less. Until there are enough of them
 * nothing is packed: what is that small needs no packing.
 */
export class Packer {
  #samples: Buffer[] = [];
  #sampledBytes = 0;
  #dictionary: Buffer | undefined;

  /** @param text well-formed, as of JSON.stringify. @returns one byte a character; undefined while it still learns. */
  pack(text: string): string | undefined {
    const bytes = Buffer.from(text);
    if (!this.#dictionary) {
      this.#learn(bytes);
      return undefined;
    }
    return deflateRawSync(bytes, { dictionary: this.#dictionary }).toString('latin1');
  }

  /** @param packed by this packer. */
  unpack(packed: string): string {
    if (!this.#dictionary) throw new Error('nothing has been packed');
    return inflateRawSync(Buffer.from(packed, 'latin1'), { dictionary: this.#dictionary }).toString();
  }

  #learn(bytes: Buffer): void {
    this.#samples.push(bytes);
    this.#sampledBytes += bytes.length;
    if (this.#sampledBytes < WINDOW_BYTES) return;
    this.#dictionary = Buffer.concat(this.#samples).subarray(-WINDOW_BYTES);
    this.#samples = [];
  }
}
