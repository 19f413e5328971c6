import type { FieldAnalyzers } from '../analysis/field-analyzers.ts';
import type { Synonyms } from '../query/synonyms.ts';
import type { IndexSettings } from '../settings.ts';
import type { LiveSegment } from './segment.ts';

/** An index as it was at one generation. Everything in it is immutable: a search runs on one from end to end. */
export interface Snapshot {
  readonly tenant: string;
  readonly name: string;
  readonly indexId: string;
  /** Goes up with every change of documents or segments. */
  readonly generation: number;
  /** Goes up with every change of settings. */
  readonly revision: number;
  readonly settings: IndexSettings;
  readonly analyzers: FieldAnalyzers;
  readonly synonyms: Synonyms;
  readonly segments: readonly LiveSegment[];
  /** Numbers that were deleted but are still in a segment. */
  readonly deleted: ReadonlySet<number>;
  /** Documents that are not deleted. */
  readonly documents: number;
  /** The number that the next document will get: all documents of this snapshot are below. */
  readonly nextNumber: number;
  /** Dimensions and engine of the vector table, where the index has vectors. */
  readonly vectorEngine: 'hnsw' | 'exact' | undefined;
}
