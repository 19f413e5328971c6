import { Dictionary } from '../codec/dictionary.ts';
import { LruCache } from '../codec/lru-cache.ts';
import { columnBytes, decodeKeywords, decodeNumbers, emptyColumn } from './column.ts';
import type { Column, KeywordColumn, NumberColumn } from './column.ts';
import { decodeLengths } from './lengths.ts';
import type { Lengths } from './lengths.ts';
import type { Segment, SegmentRange, SegmentSource } from './segment.ts';

interface Decoder<T> {
  readonly decode: (bytes: Uint8Array) => T;
  readonly size: (value: T) => number;
  /** Stands in for a part that the segment does not have: it was written before the field existed. */
  readonly absent: (segment: Segment) => T;
}

const EMPTY_DICTIONARY = new Dictionary(new Uint8Array(12));

const dictionaries: Decoder<Dictionary> = {
  decode: (bytes) => new Dictionary(bytes),
  size: (dictionary) => dictionary.bytes,
  absent: () => EMPTY_DICTIONARY,
};
const lengths: Decoder<Lengths> = {
  decode: decodeLengths,
  size: (values) => values.byteLength,
  absent: (segment) => new Uint8Array(segment.documents),
};
const numbers: Decoder<NumberColumn> = {
  decode: decodeNumbers,
  size: columnBytes,
  absent: (segment) => emptyColumn('number', segment.documents) as NumberColumn,
};
const keywords: Decoder<KeywordColumn> = {
  decode: decodeKeywords,
  size: columnBytes,
  absent: (segment) => emptyColumn('keyword', segment.documents) as KeywordColumn,
};

/** Decoded parts of segments, kept up to a bound in bytes: segments never change, so nothing here goes stale. */
export class PartCache {
  readonly #source: SegmentSource;
  readonly #cache: LruCache<unknown>;

  constructor(source: SegmentSource, limitBytes: number) {
    this.#source = source;
    this.#cache = new LruCache(limitBytes);
  }

  get bytes(): number {
    return this.#cache.bytes;
  }

  get hitRatio(): number {
    return this.#cache.hits / Math.max(1, this.#cache.hits + this.#cache.misses);
  }

  dictionaries(segments: readonly Segment[], name: string): Promise<Dictionary[]> {
    return this.#load(segments, name, dictionaries);
  }

  lengths(segments: readonly Segment[], name: string): Promise<Lengths[]> {
    return this.#load(segments, name, lengths);
  }

  columns(segments: readonly Segment[], name: string, kind: Column['kind']): Promise<Column[]> {
    return kind === 'number' ? this.#load(segments, name, numbers) : this.#load(segments, name, keywords);
  }

  /** Pieces of posting streams; the source keeps what it reads often. */
  ranges(ranges: readonly SegmentRange[]): Promise<Uint8Array[]> {
    return this.#source.read(ranges);
  }

  async #load<T>(segments: readonly Segment[], name: string, decoder: Decoder<T>): Promise<T[]> {
    const values = segments.map((segment) => this.#cached(segment, name, decoder));
    const missing = segments.flatMap((segment, i) => (values[i] === undefined ? [i] : []));
    if (missing.length === 0) return values as T[];
    const bytes = await this.#source.read(missing.map((i) => wholePart(segments[i] as Segment, name)));
    missing.forEach((i, at) => {
      const value = decoder.decode(bytes[at] as Uint8Array);
      values[i] = value;
      this.#cache.set(`${(segments[i] as Segment).id}/${name}`, value, decoder.size(value));
    });
    return values as T[];
  }

  #cached<T>(segment: Segment, name: string, decoder: Decoder<T>): T | undefined {
    if (!segment.directory[name]) return decoder.absent(segment);
    return this.#cache.get(`${segment.id}/${name}`) as T | undefined;
  }
}

function wholePart(segment: Segment, name: string): SegmentRange {
  const [offset, length] = segment.directory[name] as readonly [number, number];
  return { segment, offset, length };
}
