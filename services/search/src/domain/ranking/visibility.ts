import { Bitset } from '@genai-platform/common/retrieval';
import type { KeywordColumn } from '../segment/column.ts';
import type { Lengths } from '../segment/lengths.ts';
import type { PartCache } from '../segment/part-cache.ts';
import type { LiveSegment, Segment } from '../segment/segment.ts';
import { part } from '../segment/segment-file.ts';
import type { Snapshot } from '../segment/snapshot.ts';
import { textFields } from '../settings.ts';

/** What a searcher may see of a segment, with the statistics of just that. */
export interface VisibleSegment {
  readonly segment: Segment;
  /** The visible documents; all where undefined. */
  readonly mask: Bitset | undefined;
  readonly documents: number;
  /** Words in each text field over the visible documents. */
  readonly totals: Readonly<Record<string, number>>;
}

/** Matches every reader's list: a document for everybody in the tenant. */
export const EVERYONE = '*';

/**
 * The documents that exist for a searcher: not deleted, and on an index with access control shared with one of the
 * principals. Statistics are taken over these alone, so that a document which may not be seen changes nothing that
 * may: neither counts nor scores nor completions. The same makes scores after a deletion equal to those of an index
 * that never held the document.
 */
export async function visibleSegments(
  snapshot: Snapshot,
  principals: readonly string[],
  parts: PartCache,
): Promise<VisibleSegment[]> {
  const segments = snapshot.segments.map(({ segment }) => segment);
  const acls = snapshot.settings.acl ? await parts.columns(segments, part.acl, 'keyword') : undefined;
  const masks = snapshot.segments.map((live, i) => maskOf(live, acls?.[i] as KeywordColumn | undefined, principals));
  const totals = await visibleTotals(snapshot, masks, parts);
  return segments.map((segment, i) => ({
    segment,
    mask: masks[i],
    documents: masks[i]?.count() ?? segment.documents,
    totals: totals[i] as Record<string, number>,
  }));
}

function maskOf(
  { segment, live }: LiveSegment,
  acl: KeywordColumn | undefined,
  principals: readonly string[],
): Bitset | undefined {
  if (!acl) return live;
  const wanted = new Set([...principals, EVERYONE]);
  const ordinals = new Set(acl.dictionary.flatMap((principal, ordinal) => (wanted.has(principal) ? [ordinal] : [])));
  const mask = new Bitset(segment.documents);
  for (let document = 0; document < segment.documents; document++)
    for (let i = acl.starts[document] as number; i < (acl.starts[document + 1] as number); i++)
      if (ordinals.has(acl.values[i] as number)) mask.add(document);
  return live ? mask.and(live) : mask;
}

async function visibleTotals(
  snapshot: Snapshot,
  masks: readonly (Bitset | undefined)[],
  parts: PartCache,
): Promise<Record<string, number>[]> {
  const totals = snapshot.segments.map(
    ({ segment }, i) => (masks[i] ? {} : { ...segment.totals }) as Record<string, number>,
  );
  const masked = masks.flatMap((mask, i) => (mask ? [{ mask, i }] : []));
  if (masked.length === 0) return totals;
  const segments = masked.map(({ i }) => (snapshot.segments[i] as LiveSegment).segment);
  for (const field of textFields(snapshot.settings)) {
    const lengths = await parts.lengths(segments, part.lengths(field));
    masked.forEach(({ mask, i }, at) => {
      (totals[i] as Record<string, number>)[field] = sumOver(mask, lengths[at] as Lengths);
    });
  }
  return totals;
}

function sumOver(mask: Bitset, lengths: Lengths): number {
  let sum = 0;
  mask.forEach((document) => (sum += lengths[document] as number));
  return sum;
}
