import type { Bitset } from '@genai-platform/common/retrieval';
import type { DocumentNumbers } from './document-numbers.ts';
import type { Directory } from './segment-file.ts';

/** An immutable segment as it lies in the store: where its parts are, and which documents it holds. */
export interface Segment {
  /** Unique over all tenants and never used again, so that it may key caches. */
  readonly id: string;
  readonly tenant: string;
  readonly documents: number;
  readonly numbers: DocumentNumbers;
  readonly totals: Readonly<Record<string, number>>;
  readonly directory: Directory;
  readonly bytes: number;
}

/** A segment with those of its documents that were not deleted since; all of them where `live` is undefined. */
export interface LiveSegment {
  readonly segment: Segment;
  readonly live: Bitset | undefined;
}

/** Some bytes of a segment. */
export interface SegmentRange {
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

/** Where segments are read from. */
export interface SegmentSource {
  /**
   * The bytes of each range, in the order asked.
   *
   * @throws SegmentGone when a segment was merged into another meanwhile
   */
  read(ranges: readonly SegmentRange[]): Promise<Uint8Array[]>;
}

/** A segment was merged away between the look at the index and the read: look again. */
export class SegmentGone extends Error {
  constructor(segmentId: string) {
    super(`segment ${segmentId} is no longer there`);
    this.name = 'SegmentGone';
  }
}
