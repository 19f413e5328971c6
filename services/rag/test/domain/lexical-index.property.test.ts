import { inverseDocumentFrequency, lengthNorm } from '@genai-platform/common/retrieval';
import fc from 'fast-check';
import type { ChunkWords } from '../../src/domain/lexical/chunk-words.ts';
import { LexicalIndex } from '../../src/domain/lexical/lexical-index.ts';
import { decodeWords, encodeWords } from '../../src/domain/lexical/words-codec.ts';

const BM25 = { k1: 1.2, b: 0.75 };
const term = fc.constantFrom('a', 'b', 'c', 'd', 'é', '漢');
const chunk = fc.array(term, { maxLength: 12 }).map((words): ChunkWords => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { length: words.length, counts };
});

test('words are read as they were written', () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 300 }), (chunks) => {
      const read = chunks.map(() => new Map<string, number>());
      let lengths: readonly number[] = [];
      decodeWords(encodeWords(chunks), {
        lengths: (all) => (lengths = all),
        word: (word, at, count) => read[at]!.set(word, count),
      });
      expect(lengths).toEqual(chunks.map(({ length }) => length));
      expect(read.map((counts) => [...counts].sort())).toEqual(chunks.map(({ counts }) => [...counts].sort()));
    }),
    { numRuns: 30 },
  );
});

const documents = fc.array(fc.array(chunk, { maxLength: 4 }), { minLength: 1, maxLength: 12 });

test('scores are those of the formula, whatever was added and removed', () => {
  fc.assert(
    fc.property(documents, fc.uniqueArray(term, { minLength: 1 }), fc.nat(11), (all, query, gone) => {
      const index = new LexicalIndex();
      const chunks: { number: number; words: ChunkWords }[] = [];
      let firstChunk = 100;
      all.forEach((words, number) => {
        index.add({ id: `d${number}`, number, firstChunk, words: encodeWords(words), metadata: {}, acl: [] });
        if (number !== gone) words.forEach((one, i) => chunks.push({ number: firstChunk + i, words: one }));
        firstChunk += words.length;
      });
      index.remove(gone);
      const averageLength = chunks.reduce((sum, { words }) => sum + words.length, 0) / Math.max(1, chunks.length);
      const visible = index.documents.select(() => true);
      const terms = new Map(
        query.map((word) => {
          const matching = chunks.filter(({ words }) => words.counts.has(word)).length;
          expect(index.count(word, visible)).toBe(matching);
          return [word, inverseDocumentFrequency(chunks.length, matching)];
        }),
      );
      const expected = chunks.flatMap(({ number, words }) => {
        const norm = lengthNorm(BM25, words.length, averageLength);
        const tf = (word: string): number => words.counts.get(word) ?? 0;
        const score = [...terms].reduce((sum, [word, weight]) => sum + (weight * tf(word)) / (tf(word) + norm || 1), 0);
        return score > 0 ? [{ number, score: expect.closeTo(score, 9) as number }] : [];
      });
      const asked = { terms, averageLength, visible, eligible: undefined, limit: 1_000, bm25: BM25 };
      const { hits } = index.search(asked);
      const found = hits.map(({ ordinal, score }) => ({ number: index.documents.chunkNumber(ordinal), score }));
      expect(found.sort((a, b) => a.number - b.number)).toEqual(expected);
      const again = index.scoresOf(
        asked,
        hits.map(({ ordinal }) => ordinal),
      );
      expect(again).toEqual(hits.map(({ score }) => expect.closeTo(score, 9) as number));
    }),
    { numRuns: 100 },
  );
});
