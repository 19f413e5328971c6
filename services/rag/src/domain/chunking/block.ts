/** A piece of a document that belongs together: [start, end) of its text. */
export interface Block {
  readonly kind: 'heading' | 'prose' | 'table' | 'code';
  readonly start: number;
  readonly end: number;
  /** Of a heading: 1 is a title's. */
  readonly level?: number;
  /** Of a heading: its words. */
  readonly title?: string;
}

/** A part of a document that is found by itself: [start, end) of its text, and the titles above it. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly context: string;
}

export interface ChunkingSettings {
  /** The longest chunk, in characters. */
  readonly maxCharacters: number;
  /** How far a chunk reaches back into the one before it, at most. */
  readonly overlapCharacters: number;
}
