import fc from 'fast-check';
import { memoryIndex } from '../harness/memory-index.ts';
import type { SentDocument } from '../harness/start-search.ts';

const K1 = 1.2;
const B = 0.75;
const WORDS = ['alpha', 'beta', 'gamma', 'delta', 'omega', 'sigma'];
const word = fc.constantFrom(...WORDS);
const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
const documents = fc
  .array(fc.record({ title: text, body: text }), { minLength: 1, maxLength: 25 })
  .map((list) => list.map((fields, i): SentDocument => ({ id: `d${i}`, fields })));
const settings = (title: number, body: number): object => ({
  language: 'none',
  fields: { title: { type: 'text', weight: title }, body: { type: 'text', weight: body } },
});

/** BM25 as it is written in the books, over documents with weighted fields. */
function naiveScores(
  live: readonly SentDocument[],
  query: readonly string[],
  weights: readonly [number, number],
): Map<string, number> {
  const count = (value: unknown, term: string): number =>
    String(value)
      .split(' ')
      .filter((each) => each === term).length;
  const length = (value: unknown): number =>
    String(value)
      .split(' ')
      .filter((each) => each !== '').length;
  const weighted = ({ fields }: SentDocument, of: (value: unknown) => number): number =>
    weights[0] * of(fields.title) + weights[1] * of(fields.body);
  const average = live.reduce((sum, document) => sum + weighted(document, length), 0) / live.length;
  const scores = new Map<string, number>();
  for (const document of live) {
    let score = 0;
    for (const term of query) {
      const matching = live.filter((each) => weighted(each, (value) => count(value, term)) > 0).length;
      const idf = Math.log(1 + (live.length - matching + 0.5) / (matching + 0.5));
      const frequency = weighted(document, (value) => count(value, term));
      const norm = K1 * (1 - B + (B * weighted(document, length)) / average);
      if (frequency > 0) score += (idf * frequency) / (frequency + norm);
    }
    if (score > 0) scores.set(document.id, score);
  }
  return scores;
}

/** Deals documents to segments in order. */
function groupsOf(list: readonly SentDocument[], size: number): SentDocument[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

test('scores from postings equal the formula, over any number of segments, weights and deletions', async () => {
  const weight = fc.constantFrom(1, 2, 0.5, 3.7);
  const given = fc.record({
    list: documents,
    query: fc.array(word, { minLength: 1, maxLength: 4 }),
    size: fc.integer({ min: 1, max: 25 }),
    deleted: fc.array(
      fc.nat(24).map((i) => `d${i}`),
      { maxLength: 8 },
    ),
    weights: fc.tuple(weight, weight),
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ list, query, size, deleted, weights }) => {
      const index = await memoryIndex(settings(...weights), groupsOf(list, size), deleted);
      const { hits, ids, total } = await index.search({ text: query.join(' ') });
      const live = list.filter(({ id }) => !deleted.includes(id));
      const expected = naiveScores(live, query, weights);
      expect(new Set(ids)).toEqual(new Set(expected.keys()));
      expect(total).toBe(expected.size);
      hits.forEach(({ score }, i) => expect(score).toBeCloseTo(expected.get(ids[i]!)!, 10));
      for (let i = 1; i < hits.length; i++) expect(hits[i - 1]!.score).toBeGreaterThanOrEqual(hits[i]!.score);
    }),
    { numRuns: 150 },
  );
});

test('with all weights one, fields score as one text that holds them all', async () => {
  await fc.assert(
    fc.asyncProperty(documents, fc.array(word, { minLength: 1, maxLength: 3 }), async (list, query) => {
      const joined = list.map(({ id, fields }) => ({
        id,
        fields: { all: `${String(fields.title)} ${String(fields.body)}` },
      }));
      const two = await memoryIndex(settings(1, 1), [list]);
      const one = await memoryIndex({ language: 'none', fields: { all: { type: 'text' } } }, [joined]);
      const scoresOfTwo = (await two.search({ text: query.join(' ') })).hits.map(({ score }) => score);
      const scoresOfOne = (await one.search({ text: query.join(' ') })).hits.map(({ score }) => score);
      expect(scoresOfTwo).toHaveLength(scoresOfOne.length);
      scoresOfTwo.forEach((score, i) => expect(score).toBeCloseTo(scoresOfOne[i]!, 10));
    }),
    { numRuns: 60 },
  );
});

test('all words required means every hit holds every word', async () => {
  await fc.assert(
    fc.asyncProperty(documents, fc.array(word, { minLength: 1, maxLength: 4 }), async (list, query) => {
      const index = await memoryIndex(settings(1, 1), groupsOf(list, 7));
      const { ids } = await index.search({ text: query.join(' '), match: 'all' });
      const holds = ({ fields }: SentDocument, term: string): boolean =>
        `${String(fields.title)} ${String(fields.body)}`.split(' ').includes(term);
      const expected = list.filter((document) => query.every((term) => holds(document, term))).map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set(expected));
    }),
    { numRuns: 80 },
  );
});

test('a phrase finds exactly the fields in which its words stand side by side', async () => {
  await fc.assert(
    fc.asyncProperty(documents, fc.array(word, { minLength: 2, maxLength: 3 }), async (list, phrase) => {
      const index = await memoryIndex(settings(1, 1), groupsOf(list, 9));
      const { ids } = await index.search({ text: `"${phrase.join(' ')}"` });
      const within = (value: unknown): boolean => ` ${String(value)} `.includes(` ${phrase.join(' ')} `);
      const expected = list.filter(({ fields }) => within(fields.title) || within(fields.body)).map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set(expected));
    }),
    { numRuns: 80 },
  );
});
