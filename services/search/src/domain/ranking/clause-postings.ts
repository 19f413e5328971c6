import type { Dictionary, DictionaryEntry } from '../codec/dictionary.ts';
import type { Alternative, Clause } from '../query/clause.ts';
import type { PartCache } from '../segment/part-cache.ts';
import type { Segment, SegmentRange } from '../segment/segment.ts';
import { part } from '../segment/segment-file.ts';
import type { FieldWeights } from './statistics.ts';

/** Postings of one term in one field of one segment, still encoded. */
export interface TermPostings {
  readonly count: number;
  readonly documents: Uint8Array;
  /** Only where the term is part of a phrase. */
  readonly positions: Uint8Array | undefined;
  readonly offset: number;
}

/** One alternative of a clause in one field of one segment. */
export interface FieldPostings {
  readonly field: string;
  readonly alternative: Alternative;
  /** What one occurrence counts: the alternative's weight times the field's. */
  readonly weight: number;
  readonly terms: readonly TermPostings[];
}

/** By segment, then by clause: everything that can match the clause there. */
export type ClausePostings = readonly (readonly (readonly FieldPostings[])[])[];

/** An alternative found in the dictionaries of a field of a segment; ranges point into the list that is read at once. */
interface Found {
  readonly segment: number;
  readonly clause: number;
  readonly field: string;
  readonly alternative: Alternative;
  readonly terms: readonly {
    entry: DictionaryEntry;
    offset: number;
    documents: number;
    positions: number | undefined;
  }[];
}

/** Looks the clauses up in every segment and reads their postings: one read for the dictionaries, one for the lists. */
export async function readClausePostings(
  clauses: readonly Clause[],
  segments: readonly Segment[],
  weights: FieldWeights,
  parts: PartCache,
): Promise<ClausePostings> {
  const fields = [...new Set(clauses.flatMap(({ alternatives }) => alternatives.flatMap((a) => a.fields)))];
  const dictionaries = new Map<string, Dictionary[]>();
  await Promise.all(
    fields.map(async (field) => dictionaries.set(field, await parts.dictionaries(segments, part.terms(field)))),
  );
  const ranges: SegmentRange[] = [];
  const found = segments.flatMap((segment, at) =>
    clauses.flatMap((clause, index) =>
      clause.alternatives.flatMap((alternative) =>
        alternative.fields.flatMap((field) => {
          const dictionary = dictionaries.get(field)?.[at] as Dictionary;
          const terms = lookUp(alternative, field, { segment, dictionary, ranges });
          return terms ? [{ segment: at, clause: index, field, alternative, terms }] : [];
        }),
      ),
    ),
  );
  return assemble(found, await parts.ranges(ranges), { segments: segments.length, clauses: clauses.length, weights });
}

/** The entries of all terms of an alternative, or undefined where one is missing. */
function lookUp(
  alternative: Alternative,
  field: string,
  { segment, dictionary, ranges }: { segment: Segment; dictionary: Dictionary; ranges: SegmentRange[] },
): Found['terms'] | undefined {
  const entries: DictionaryEntry[] = [];
  for (const { term } of alternative.terms) {
    const entry = dictionary.get(term);
    if (!entry) return undefined;
    entries.push(entry);
  }
  const phrase = entries.length > 1;
  const ask = (name: string, stream: number, entry: DictionaryEntry): number => {
    const [start] = segment.directory[name] as readonly [number, number];
    const offset = start + (entry.offsets[stream] as number);
    return ranges.push({ segment, offset, length: entry.lengths[stream] as number }) - 1;
  };
  return entries.map((entry, i) => ({
    entry,
    offset: alternative.terms[i]?.offset ?? 0,
    documents: ask(part.documents(field), 0, entry),
    positions: phrase ? ask(part.positions(field), 1, entry) : undefined,
  }));
}

function assemble(
  found: readonly Found[],
  bytes: readonly Uint8Array[],
  { segments, clauses, weights }: { segments: number; clauses: number; weights: FieldWeights },
): ClausePostings {
  const bySegment = Array.from({ length: segments }, () => Array.from({ length: clauses }, (): FieldPostings[] => []));
  for (const { segment, clause, field, alternative, terms } of found) {
    bySegment[segment]?.[clause]?.push({
      field,
      alternative,
      weight: alternative.weight * (weights[field] ?? 1),
      terms: terms.map(({ entry, offset, documents, positions }) => ({
        count: entry.documents,
        documents: bytes[documents] as Uint8Array,
        positions: positions === undefined ? undefined : bytes[positions],
        offset,
      })),
    });
  }
  return bySegment;
}
