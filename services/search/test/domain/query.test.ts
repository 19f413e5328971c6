import { parseQuery } from '../../src/domain/query/parse-query.ts';
import { memoryIndex } from '../harness/memory-index.ts';

test.each([
  [
    'words',
    'time sharing',
    [
      ['words', 'time', false],
      ['words', 'sharing', false],
    ],
  ],
  [
    'phrases and exclusions',
    '"time sharing" -batch -"main frame"',
    [
      ['phrase', 'time sharing', false],
      ['words', 'batch', true],
      ['phrase', 'main frame', true],
    ],
  ],
  [
    'a lone quote or dash as text',
    'a " - b',
    [
      ['words', 'a', false],
      ['words', '"', false],
      ['words', '-', false],
      ['words', 'b', false],
    ],
  ],
  ['an empty phrase as nothing', '"" x', [['words', 'x', false]]],
  ['a dash inside a word as part of it', 'time-sharing', [['words', 'time-sharing', false]]],
])('reads %s', (_name, text, expected) =>
  expect(parseQuery(text).map(({ kind, text: part, excluded }) => [kind, part, excluded])).toEqual(expected),
);

const settings = {
  fields: { title: { type: 'text' }, body: { type: 'text' }, german: { type: 'text', language: 'de' } },
  synonyms: [
    ['car', 'automobile'],
    { from: ['heart attack'], to: ['myocardial infarction'] },
    { from: ['tv'], to: ['television set'] },
  ],
};
const document = (
  id: string,
  title: string,
  german = '',
): { id: string; fields: object & Record<string, unknown> } => ({ id, fields: { title, german } });

const documents = [
  document('car', 'My cars are fast'),
  document('auto', 'An automobile stands there'),
  document('heart', 'The heart was under attack'),
  document('medical', 'Acute myocardial infarction'),
  document('screen', 'A television set'),
  document('art', 'State of the art'),
  document('state', 'State art'),
  document('buch', '', 'Die Bücher sind da'),
];
const find = async (text: string, match: 'any' | 'all' = 'any'): Promise<string[]> => {
  const index = await memoryIndex(settings, [documents.slice(0, 3), documents.slice(3)]);
  return [...(await index.search({ text, match })).ids].sort();
};

test.each([
  ['a synonym in both directions', 'automobiles', ['auto', 'car']],
  ['a synonym of several words in one direction', 'heart attack', ['heart', 'medical']],
  ['no synonym in the other direction', 'myocardial infarction', ['medical']],
  ['a phrase as the synonym of a word', 'tv', ['screen']],
  ['a phrase with its stop words, by their places', '"state of the art"', ['art']],
  ['nothing for stop words alone', 'of the', []],
  ['what is left by an exclusion', 'state -"state of the art"', ['state']],
  ['everything but an exclusion', '-art -state -car -automobile -heart -television -Buch', ['medical']],
  ['a word in the language of each field', 'Buch', ['buch']],
])('finds %s', async (_name, text, expected) => expect(await find(text)).toEqual(expected));

test('with all words required a synonym of two words stands for both', async () => {
  expect(await find('heart attack', 'all')).toEqual(['heart', 'medical']);
});

test('a word of the query that is said twice counts twice', async () => {
  const index = await memoryIndex(settings, [documents]);
  const [once] = (await index.search({ text: 'infarction' })).hits;
  const [twice] = (await index.search({ text: 'infarction infarction' })).hits;
  expect(twice!.score).toBeCloseTo(2 * once!.score, 12);
});

test('no phrase matches across two values of a field', async () => {
  const index = await memoryIndex(settings, [[{ id: 'a', fields: { title: ['red car', 'blue house'] } }]]);
  expect((await index.search({ text: '"car blue"' })).ids).toEqual([]);
  expect((await index.search({ text: '"blue house"' })).ids).toEqual(['a']);
});

test.each([
  ['one letter wrong', 'informetion', 'information'],
  ['a letter missing', 'infomation', 'information'],
  ['a letter too many', 'informattion', 'information'],
  ['neighbours swapped', 'infromation', 'information'],
  ['two edits in a long word', 'infrmatoon', 'information'],
])('reads a word with %s as the nearest one', async (_name, typed, meant) => {
  const index = await memoryIndex(settings, [[document('a', 'Information theory')]]);
  const { ids, idfs } = await index.search({ text: typed, typos: true });
  expect(ids).toEqual(['a']);
  expect(idfs).toHaveLength(1);
  expect((await index.search({ text: meant })).ids).toEqual(['a']);
});

test.each(['tsx', 'x1234y', '70803'])('does not correct %s: too short, or a code', async (typed) => {
  const index = await memoryIndex(settings, [[document('a', 'tsz x1234z 70804')]]);
  expect((await index.search({ text: typed, typos: true })).ids).toEqual([]);
});

test('a word that some document holds is never corrected', async () => {
  const index = await memoryIndex(settings, [[document('form', 'form'), document('from', 'farm')]]);
  expect((await index.search({ text: 'form', typos: true })).ids).toEqual(['form']);
});

test('a beginning finds its words, and the whole word before its completions', async () => {
  const index = await memoryIndex(settings, [[document('long', 'programmability'), document('whole', 'program')]]);
  expect((await index.search({ text: 'program', prefix: true })).ids).toEqual(['whole', 'long']);
  expect((await index.search({ text: 'programmab', prefix: true })).ids).toContain('long');
  expect((await index.search({ text: 'programmab ', prefix: true })).ids).not.toContain('long');
});

test('a completion knows its term although its accents were folded', async () => {
  const french = { language: 'fr', fields: { title: { type: 'text' } } };
  const index = await memoryIndex(french, [[{ id: 'a', fields: { title: "L'université" } }]]);
  expect((await index.search({ text: 'universi', prefix: true })).ids).toEqual(['a']);
  expect((await index.search({ text: 'univercite', typos: true })).ids).toEqual(['a']);
});
