/** Values by which documents are filtered. */
export type Metadata = Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>;

/** A document as the index in memory takes it. */
export interface IndexedDocument {
  readonly id: string;
  /** Ascends with every document that is added to a collection. */
  readonly number: number;
  /** The number of its first chunk; the others follow. */
  readonly firstChunk: number;
  readonly words: Buffer;
  readonly metadata: Metadata;
  /** Principals that may see it; everybody of the tenant where empty. */
  readonly acl: readonly string[];
}
