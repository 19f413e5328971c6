import type { Packer } from './packer.ts';

/** A text that can be packed while nobody needs it. */
export class PackableText {
  #text: string;
  /** What can unpack the text, once it is packed. */
  #packer: Packer | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): string {
    return this.#packer ? this.#packer.unpack(this.#text) : this.#text;
  }

  pack(packer: Packer): void {
    if (this.#packer) return;
    const packed = packer.pack(this.#text);
    if (packed === undefined) return;
    this.#text = packed;
    this.#packer = packer;
  }
}
