import fc from 'fast-check';
import { fuse } from '../../src/retrieval/fusion.ts';
import type { Candidate } from '../../src/retrieval/fusion.ts';
import { chooseLegs } from '../../src/retrieval/guard.ts';
import type { LegEvidence } from '../../src/retrieval/guard.ts';

const score = fc.option(
  fc.integer({ min: -500, max: 5_000 }).map((hundredths) => hundredths / 100),
  { nil: undefined },
);
const candidates = fc
  .array(fc.tuple(score, score), { minLength: 1, maxLength: 30 })
  .map((list) => list.map(([lexical, vector], number): Candidate => ({ number, lexical, vector })));

test.each(['mixture', 'rrf'] as const)('%s with all weight on one leg is the order of that leg', (method) => {
  fc.assert(
    fc.property(candidates, fc.constantFrom('lexical', 'vector'), (list, leg) => {
      const fused = fuse(list, { method, vectorWeight: leg === 'vector' ? 1 : 0 });
      const known = fused.filter((each) => each[leg] !== undefined).map((each) => each[leg]!);
      expect(known).toEqual([...known].sort((a, b) => b - a));
    }),
  );
});

test.each(['mixture', 'rrf'] as const)('%s never puts first what is worse in both legs', (method) => {
  fc.assert(
    fc.property(candidates, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (list, vectorWeight) => {
      const fused = fuse(list, { method, vectorWeight });
      const worse = (a: Candidate, b: Candidate): boolean =>
        (a.lexical ?? -Infinity) < (b.lexical ?? -Infinity) && (a.vector ?? -Infinity) < (b.vector ?? -Infinity);
      for (let i = 1; i < fused.length; i++)
        if (worse(fused[i - 1]!, fused[i]!)) expect(fused[i - 1]!.score).toBeCloseTo(fused[i]!.score, 12);
    }),
  );
});

test('a mixture keeps how far apart scores are, reciprocal ranks do not', () => {
  const list = [
    { number: 1, lexical: 10, vector: 0.5 },
    { number: 2, lexical: 1, vector: 0.6 },
    { number: 3, lexical: 0, vector: 0.1 },
  ];
  expect(fuse(list, { method: 'mixture', vectorWeight: 0.5 }).map(({ number }) => number)).toEqual([1, 2, 3]);
  const [first, second] = fuse(list, { method: 'rrf', vectorWeight: 0.5 });
  expect([first!.number, first!.score]).toEqual([1, second!.score]);
});

const related: LegEvidence = {
  similaritiesOfLexicalTop: [0.8, 0.7, 0.9, 0.75],
  similaritiesOfSample: [0.1, -0.1, 0.2, 0, 0.05, -0.2, 0.15, 0.1],
  lexicalOfVectorTop: [7, 9, 5, 8],
  lexicalOfSample: [0, 0, 1, 0, 0.5, 0, 0, 0],
  similaritiesOfVectorTop: [0.95, 0.9, 0.85, 0.8],
  documents: 10_000,
  words: 3,
  wordsOfLexicalBest: 3,
};
const unrelated = { ...related, similaritiesOfLexicalTop: [0.1, 0, -0.1, 0.05], lexicalOfVectorTop: [0, 0, 0.5, 0] };

test.each<[string, LegEvidence, string]>([
  ['legs that agree are both used', related, 'both'],
  ['of legs that do not agree the words win where one document holds several', unrelated, 'lexical'],
  ['and the vectors where none does and they stand out', { ...unrelated, wordsOfLexicalBest: 1 }, 'vector'],
  [
    'but not where they look like any others',
    { ...unrelated, wordsOfLexicalBest: 1, similaritiesOfVectorTop: [0.4, 0.3] },
    'lexical',
  ],
  [
    'one word alone is believed where it was the whole query',
    { ...unrelated, words: 1, wordsOfLexicalBest: 1 },
    'lexical',
  ],
  ['without a word that any document holds vectors are used', { ...unrelated, wordsOfLexicalBest: 0 }, 'vector'],
  ['without vectors words are used', { ...related, similaritiesOfVectorTop: [] }, 'lexical'],
  [
    'vectors that are all alike are not believed',
    {
      ...unrelated,
      wordsOfLexicalBest: 1,
      similaritiesOfSample: Array<number>(8).fill(1),
      similaritiesOfLexicalTop: [1, 1],
      similaritiesOfVectorTop: [1, 1],
    },
    'lexical',
  ],
  ['a handful of documents is no ground for a judgement', { ...unrelated, documents: 6 }, 'both'],
])('%s', (_name, evidence, expected) => expect(chooseLegs(evidence)).toBe(expected));
