/** Where each part of a segment lies in its bytes: part name to [offset, length]. */
export type Directory = Readonly<Record<string, readonly [offset: number, length: number]>>;

/** An immutable piece of an index: some documents, inverted. */
export interface SegmentFile {
  readonly documents: number;
  /** Words in each text field over all documents: the numerator of its average length. */
  readonly totals: Readonly<Record<string, number>>;
  readonly directory: Directory;
  readonly bytes: Uint8Array;
}

/** Names of parts. Field names hold no colon, so no field can pass for another part. */
export const part = {
  terms: (field: string): string => `terms:${field}`,
  documents: (field: string): string => `documents:${field}`,
  positions: (field: string): string => `positions:${field}`,
  lengths: (field: string): string => `lengths:${field}`,
  column: (field: string): string => `column:${field}`,
  words: 'words',
  wordDocuments: 'word-documents',
  acl: 'acl',
  numbers: 'numbers',
} as const;

/** Lays parts one after another. */
export class SegmentLayout {
  readonly #directory: Record<string, readonly [number, number]> = {};
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  add(name: string, bytes: Uint8Array): void {
    this.#directory[name] = [this.#length, bytes.length];
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  finish(documents: number, totals: Readonly<Record<string, number>>): SegmentFile {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const piece of this.#parts) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    return { documents, totals, directory: this.#directory, bytes };
  }
}
