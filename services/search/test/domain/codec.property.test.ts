import { Bitset } from '@genai-platform/common/retrieval';
import fc from 'fast-check';
import { ByteReader } from '../../src/domain/codec/byte-reader.ts';
import { ByteWriter } from '../../src/domain/codec/byte-writer.ts';
import { LruCache } from '../../src/domain/codec/lru-cache.ts';
import {
  createPostings,
  readPositions,
  readPostings,
  writePositions,
  writePosting,
} from '../../src/domain/codec/postings.ts';
import { decodeLengths, encodeLengths } from '../../src/domain/segment/lengths.ts';

test('integers come back as they were written, up to the largest safe one', () => {
  const integer = fc.oneof(fc.nat(300), fc.nat(), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(integer), (values) => {
      const out = new ByteWriter(1);
      values.forEach((value) => out.varint(value));
      const reader = new ByteReader(out.toBytes());
      expect(values.map(() => reader.varint())).toEqual(values);
    }),
  );
});

test('postings and positions come back as they were written', () => {
  const positions = fc
    .uniqueArray(fc.nat(5_000), { minLength: 1, maxLength: 5 })
    .map((list) => list.sort((a, b) => a - b));
  const list = fc.uniqueArray(fc.record({ document: fc.nat(100_000), positions }), {
    selector: ({ document }) => document,
  });
  fc.assert(
    fc.property(list, (unsorted) => {
      const postings = [...unsorted].sort((a, b) => a.document - b.document);
      const documents = new ByteWriter();
      const places = new ByteWriter();
      let previous = -1;
      for (const { document, positions: at } of postings) {
        writePosting(documents, previous, document, at.length);
        writePositions(places, at, 0, at.length);
        previous = document;
      }
      const read = readPostings(documents.toBytes(), postings.length, createPostings(1));
      const found: unknown[] = [];
      readPositions(places.toBytes(), read, (i, at) => found.push({ document: read.documents[i], positions: at }));
      expect(found).toEqual(postings);
    }),
  );
});

test.each([255, 256, 65_535, 65_536])(
  'lengths up to %i come back exactly, also from a piece of a larger buffer',
  (longest) => {
    const encoded = encodeLengths([0, 7, longest]);
    const pooled = Buffer.concat([Buffer.from('xyz'), encoded]).subarray(3);
    expect([...decodeLengths(pooled)]).toEqual([0, 7, longest]);
  },
);

test('a set of bits behaves as a set of numbers', () => {
  const size = 200;
  const numbers = fc.uniqueArray(fc.nat(size - 1));
  fc.assert(
    fc.property(numbers, numbers, (left, right) => {
      const make = (list: readonly number[]): Bitset => {
        const set = new Bitset(size);
        list.forEach((number) => set.add(number));
        return set;
      };
      const members = (set: Bitset): number[] => {
        const found: number[] = [];
        set.forEach((number) => found.push(number));
        return found;
      };
      const sorted = (list: Iterable<number>): number[] => [...list].sort((a, b) => a - b);
      const [a, b] = [new Set(left), new Set(right)];
      expect(members(make(left).and(make(right)))).toEqual(sorted([...a].filter((number) => b.has(number))));
      expect(members(make(left).or(make(right)))).toEqual(sorted(new Set([...a, ...b])));
      expect(members(make(left).invert())).toEqual([...Array(size).keys()].filter((number) => !a.has(number)));
      expect(make(left).count()).toBe(a.size);
    }),
  );
});

test('a full set has exactly its size, at every length of the last word', () => {
  for (const size of [0, 1, 31, 32, 33, 64, 100]) expect(Bitset.full(size).count()).toBe(size);
});

test('the cache lets go of what was not used for longest, and never exceeds its bound', () => {
  const cache = new LruCache<string>(10);
  cache.set('a', 'A', 4);
  cache.set('b', 'B', 4);
  cache.get('a');
  cache.set('c', 'C', 4);
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')).toBe('A');
  cache.set('huge', 'X', 11);
  expect(cache.get('huge')).toBeUndefined();
  expect(cache.bytes).toBe(8);
});
