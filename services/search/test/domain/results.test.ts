import { createAnalyzer } from '@genai-platform/common/retrieval';
import fc from 'fast-check';
import { highlight } from '../../src/domain/results/highlight.ts';
import { meanMetrics, retrievalMetrics } from '../../src/domain/results/retrieval-metrics.ts';
import { compareBy } from '../../src/domain/results/sort-order.ts';
import { TopHits } from '../../src/domain/results/top-hits.ts';
import type { Hit } from '../../src/domain/results/top-hits.ts';
import { memoryIndex } from '../harness/memory-index.ts';

const hit = (number: number, score: number): Hit => ({
  segment: 0,
  ordinal: number,
  number,
  score,
  words: 0,
  keys: [],
});

test('the first hits are those of a full sort', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.nat(12), (scores, limit) => {
      const hits = scores.map((score, i) => hit(i, score));
      const top = new TopHits(limit, compareBy([]));
      hits.forEach((each) => top.add(each));
      expect(top.toSorted()).toEqual([...hits].sort(compareBy([])).slice(0, limit));
    }),
  );
});

test('sorts by several fields, with documents without a value last in either direction', async () => {
  const settings = { fields: { text: { type: 'text' }, year: { type: 'integer' }, tag: { type: 'keyword' } } };
  const fields = [
    { year: 2000, tag: 'b' },
    { tag: 'a' },
    { year: 1990, tag: ['c', 'a'] },
    { year: 2000, tag: 'a' },
    {},
  ];
  const documents = fields.map((each, i) => ({ id: `d${i}`, fields: each }));
  const index = await memoryIndex(settings, [documents.slice(0, 2), documents.slice(2)]);
  const sorted = async (...sort: [string, 'asc' | 'desc'][]): Promise<readonly string[]> =>
    (await index.search({}, { sort: sort.map(([field, order]) => ({ field, order })) })).ids;
  expect(await sorted(['year', 'asc'], ['tag', 'desc'])).toEqual(['d2', 'd0', 'd3', 'd1', 'd4']);
  expect(await sorted(['year', 'desc'], ['tag', 'asc'])).toEqual(['d3', 'd0', 'd2', 'd1', 'd4']);
  expect(await sorted(['tag', 'desc'])).toEqual(['d2', 'd0', 'd1', 'd3', 'd4']);
});

test('range facets count each document once per range, and tell the extent', async () => {
  const settings = { fields: { size: { type: 'number' } } };
  const index = await memoryIndex(settings, [
    [
      { id: 'a', fields: { size: [1, 2, 30] } },
      { id: 'b', fields: { size: 10 } },
      { id: 'c', fields: {} },
    ],
  ]);
  const ranges = [
    { from: undefined, to: 10 },
    { from: 10, to: undefined },
  ];
  const { facets } = await index.search({}, { facets: [{ field: 'size', size: 10, ranges }] });
  expect(facets[0]).toMatchObject({ rangeCounts: [1, 2], minimum: 1, maximum: 30, distinct: 4 });
});

const wanted = (...words: string[]): { term: string; offset: number }[][] => words.map((term) => [{ term, offset: 0 }]);

test('highlights the densest piece, verbatim, with the offsets of every word', async () => {
  const analyzer = await createAnalyzer({ language: 'en' });
  const text = `${'Filler words here. '.repeat(20)}Rankings of retrieved documents: a retrieval – naïve or not – ranks.${' More filler.'.repeat(20)}`;
  const [fragment, ...others] = highlight(text, analyzer, wanted('rank', 'retriev'), { size: 90, count: 1 });
  expect(others).toEqual([]);
  expect(text.slice(fragment!.start, fragment!.end)).toBe(fragment!.text);
  expect(fragment!.spans.map(({ start, end }) => text.slice(start, end))).toEqual([
    'Rankings',
    'retrieved',
    'retrieval',
    'ranks',
  ]);
});

test('fragments never overlap, come in the order of the text, and are verbatim for any text', async () => {
  const analyzer = await createAnalyzer({ language: 'none' });
  const words = fc.array(fc.constantFrom('a', 'bb', 'naïve', '日本', '𝒳𝒴', '–', 'long-word-here', '\n'), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 60 }), fc.integer({ min: 1, max: 4 }), (list, size, count) => {
      const text = list.join(' ');
      const fragments = highlight(text, analyzer, wanted('bb', 'naive', '日本'), { size, count });
      let last = 0;
      for (const { text: piece, start, end, spans } of fragments) {
        expect(text.slice(start, end)).toBe(piece);
        expect(start).toBeGreaterThanOrEqual(last);
        expect(spans.length).toBeGreaterThan(0);
        for (const span of spans) expect(['bb', 'naïve', '日本']).toContain(text.slice(span.start, span.end));
        last = end;
      }
      expect(fragments.length).toBeLessThanOrEqual(count);
    }),
  );
});

test('words of a phrase are highlighted only where the phrase stands', async () => {
  const analyzer = await createAnalyzer({ language: 'en' });
  const phrase = [
    [
      { term: 'time', offset: 0 },
      { term: 'share', offset: 1 },
    ],
  ];
  const text = 'Sharing time is not time sharing.';
  const [fragment] = highlight(text, analyzer, phrase, { size: 200, count: 1 });
  expect(fragment!.spans).toEqual([
    { start: 20, end: 24 },
    { start: 25, end: 32 },
  ]);
});

test('measures agree with a case worked by hand', () => {
  const metrics = retrievalMetrics(['a', 'x', 'b', 'y'], { a: 2, b: 1, c: 1, z: 0 });
  expect(metrics.average_precision).toBeCloseTo((1 + 2 / 3) / 3, 12);
  expect(metrics.ndcg_10).toBeCloseTo((2 + 1 / Math.log2(4)) / (2 + 1 / Math.log2(3) + 1 / Math.log2(4)), 12);
  expect(metrics.recall_100).toBeCloseTo(2 / 3, 12);
  expect(metrics.precision_10).toBeCloseTo(0.2, 12);
  expect(metrics.reciprocal_rank).toBe(1);
});

test('measures of nothing are zero, never NaN', () => {
  for (const value of Object.values(retrievalMetrics([], {}))) expect(value).toBe(0);
  for (const value of Object.values(meanMetrics([]))) expect(value).toBe(0);
});
