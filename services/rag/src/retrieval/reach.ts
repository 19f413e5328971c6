import { Bitset } from '@genai-platform/common/retrieval';
import { LRUCache } from 'lru-cache';
import type { Filter } from '../domain/filter/filter.ts';
import { meets } from '../domain/filter/meets.ts';
import type { LexicalIndex } from '../domain/lexical/lexical-index.ts';
import type { EligibleChunks } from '../store/nearest-chunks.ts';

/** What a request may find in a collection. */
export interface Reach {
  /** Chunks that may be seen; all where undefined. */
  readonly visible: Bitset | undefined;
  /** How many those are, and of how many words together: BM25's statistics. */
  readonly seen: { readonly chunks: number; readonly length: number };
  /** Chunks that may be seen and pass the filter, for the words; all that may be seen where undefined. */
  readonly eligible: Bitset | undefined;
  /** The same for vectors; all of them where undefined. */
  readonly numbers: EligibleChunks | undefined;
  /** How many may be found. */
  readonly count: number;
}

/** Reaches of one index that are remembered: the same callers and filters come again. */
const REMEMBERED = 64;
const remembered = new WeakMap<LexicalIndex, { version: number; reaches: LRUCache<string, Reach> }>();

/** @param principals who asks */
export function reachOf(index: LexicalIndex, principals: readonly string[], filter: Filter | undefined): Reach {
  let known = remembered.get(index);
  if (known?.version !== index.version) {
    known = { version: index.version, reaches: new LRUCache({ max: REMEMBERED }) };
    remembered.set(index, known);
  }
  const key = JSON.stringify([index.documents.hasRestricted ? principals : [], filter]);
  let reach = known.reaches.get(key);
  if (reach === undefined) {
    reach = computeReach(index, principals, filter);
    known.reaches.set(key, reach);
  }
  return reach;
}

function computeReach(index: LexicalIndex, principals: readonly string[], filter: Filter | undefined): Reach {
  const { documents } = index;
  const who = new Set(principals);
  const mayBeSeen = ({ acl }: { acl: readonly string[] }): boolean =>
    acl.length === 0 || acl.some((one) => who.has(one));
  const { hasRestricted, hasDead, liveChunks, liveLength } = documents;
  const visible = hasRestricted || hasDead ? documents.select(mayBeSeen) : undefined;
  // Statistics of what may be seen alone: scores must not tell of documents that are hidden.
  const seen = hasRestricted && visible ? measured(index, visible) : { chunks: liveChunks, length: liveLength };
  if (filter === undefined) {
    const numbers = hasRestricted && visible ? chunkNumbers(index, visible) : undefined;
    return { visible, seen, eligible: undefined, numbers, count: seen.chunks };
  }
  const eligible = documents.select((entry) => mayBeSeen(entry) && meets(filter, entry.metadata));
  const numbers = chunkNumbers(index, eligible);
  return { visible, seen, eligible, numbers, count: numbers.count };
}

function measured({ documents }: LexicalIndex, visible: Bitset): Reach['seen'] {
  let length = 0;
  visible.forEach((ordinal) => {
    length += documents.lengths[ordinal] as number;
  });
  return { chunks: visible.count(), length };
}

function chunkNumbers({ documents }: LexicalIndex, chunks: Bitset): EligibleChunks {
  let list: string | undefined;
  let bitmap: Buffer | undefined;
  const numbers = (): number[] => documents.numbersOf(chunks);
  return {
    count: chunks.count(),
    list: () => (list ??= `{${numbers().join(',')}}`),
    bitmap: () => (bitmap ??= bitmapOf(numbers())),
  };
}

function bitmapOf(numbers: readonly number[]): Buffer {
  const set = new Bitset((numbers.at(-1) ?? 0) + 1);
  for (const number of numbers) set.add(number);
  // Every machine that Node.js supports has the little-endian order by which bit n is in byte n / 8.
  return Buffer.from(set.words.buffer);
}

/** Chunks taken evenly from what may be found, by ordinal: the same reach gives the same sample. */
export function sampleOf({ documents }: LexicalIndex, { eligible, visible }: Reach, size: number): number[] {
  const set = eligible ?? visible;
  const total = set?.count() ?? documents.ordinals;
  const step = Math.max(1, total / size);
  if (set === undefined) return Array.from({ length: Math.min(size, total) }, (_, i) => Math.floor(i * step));
  const ordinals: number[] = [];
  let seen = 0;
  set.forEach((ordinal) => {
    if (ordinals.length < size && seen >= ordinals.length * step) ordinals.push(ordinal);
    seen += 1;
  });
  return ordinals;
}
