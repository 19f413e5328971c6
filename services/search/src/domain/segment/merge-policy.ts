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
/** No merge makes a segment beyond this: it bounds the memory and the time that one merge takes. */
const MAX_MERGED_BYTES = 96 * 1024 * 1024;
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

/** The first run of at least FACTOR neighbours no larger than the level, as far as the byte limit allows. */
function firstRun(segments: readonly MergeCandidate[], limit: number): readonly [number, number] | undefined {
  let from = 0;
  let bytes = 0;
  for (let at = 0; at <= segments.length; at++) {
    const segment = segments[at];
    const fits = segment && level(segment) <= limit && bytes + segment.bytes <= MAX_MERGED_BYTES;
    if (fits) {
      bytes += segment.bytes;
      continue;
    }
    if (at - from >= FACTOR) return [from, at];
    const restart = segment !== undefined && level(segment) <= limit && segment.bytes <= MAX_MERGED_BYTES;
    from = restart ? at : at + 1;
    bytes = restart ? segment.bytes : 0;
  }
  return undefined;
}
