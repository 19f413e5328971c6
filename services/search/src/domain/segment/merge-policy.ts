/** What the policy looks at. */
export interface MergeCandidate {
  readonly documents: number;
  readonly live: number;
  readonly bytes: number;
}

/** Segments of one size that are merged together: each document is rewritten once per factor of eight. */
const FACTOR = 8;
/** Below this all segments are of one size: single writes must not pile up into thousands of segments. */
const SMALLEST_LEVEL = 64;
/** No merge makes a segment beyond this: its sources and its result are in memory at once. */
const MAX_MERGED_BYTES = 32 * 1024 * 1024;
/** A segment with more than this share of deleted documents is rewritten without them. */
const MAX_DELETED_SHARE = 0.25;

/**
 * Chooses neighbours to merge, as [from, to) of the list, or undefined where all is well. Segments stay in the order
 * of their documents' numbers, so only neighbours may be merged (Lucene's LogMergePolicy).
 */
export function chooseMerge(segments: readonly MergeCandidate[]): readonly [from: number, to: number] | undefined {
  const highest = Math.max(0, ...segments.map(level));
  for (let limit = 0; limit <= highest; limit++) {
    const run = firstRun(segments, limit);
    if (run) return run;
  }
  const rewritten = segments.findIndex(({ documents, live }) => live < documents * (1 - MAX_DELETED_SHARE));
  return rewritten < 0 ? undefined : [rewritten, rewritten + 1];
}

/** Deleted documents do not count: what is left of a segment decides its size. */
function level({ live }: MergeCandidate): number {
  return live < SMALLEST_LEVEL ? 0 : 1 + Math.floor(Math.log(live / SMALLEST_LEVEL) / Math.log(FACTOR));
}

/**
 * The first run of neighbours that holds FACTOR segments of the level and none larger. Smaller ones among them go
 * along; but they alone are no reason to rewrite a larger one.
 */
function firstRun(segments: readonly MergeCandidate[], limit: number): readonly [number, number] | undefined {
  let from = 0;
  let bytes = 0;
  let count = 0;
  for (const [at, segment] of segments.entries()) {
    const size = level(segment);
    const tooLarge = size > limit || segment.bytes > MAX_MERGED_BYTES;
    if (tooLarge || bytes + segment.bytes > MAX_MERGED_BYTES) {
      from = tooLarge ? at + 1 : at;
      bytes = 0;
      count = 0;
    }
    if (tooLarge) continue;
    bytes += segment.bytes;
    if (size === limit) count++;
    if (count === FACTOR) return [from, at + 1];
  }
  return undefined;
}
