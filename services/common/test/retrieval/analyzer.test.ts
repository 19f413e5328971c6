import { createAnalyzer } from '../../src/retrieval/analyzer.ts';
import { LANGUAGES } from '../../src/retrieval/languages.ts';
import type { Language } from '../../src/retrieval/languages.ts';
import { parseWordKey, wordKey } from '../../src/retrieval/word-key.ts';
import { stopWords } from '../../src/retrieval/stop-words.ts';

async function terms(language: Language, text: string, own?: string[]): Promise<(string | undefined)[]> {
  const analyzer = await createAnalyzer({ language, stopWords: own });
  const found: (string | undefined)[] = [];
  analyzer.analyze(text, ({ term }) => found.push(term));
  return found;
}

test.each<[Language, string, string]>([
  ['en', 'retrieval', 'retrieving'],
  ['en', "The café's", 'the cafe'],
  ['de', 'Bücher', 'Buch'],
  ['de', 'Straße', 'Strasse'],
  ['fr', "l'université", 'universités'],
  ['it', "dell'arte", 'arte'],
  ['es', 'canción', 'canciones'],
  ['ru', 'книги', 'книга'],
  ['tr', 'İSTANBUL', 'istanbul'],
  ['none', 'ＦＵＬＬ', 'full'],
])('in %s "%s" and "%s" become the same term', async (language, left, right) => {
  expect((await terms(language, left)).at(-1)).toBe((await terms(language, right)).at(-1));
});

test.each<[string, Language, string, string]>([
  ['keeps the short i apart from i, which is another letter', 'none', 'чай', 'чаи'],
  ['does not stem where no language is named', 'none', 'running', 'run'],
])('%s', async (_name, language, left, right) => {
  expect(await terms(language, left)).not.toEqual(await terms(language, right));
});

test('stop words take a position and no term', async () => {
  expect(await terms('en', 'the state of the art')).toEqual([undefined, 'state', undefined, undefined, 'art']);
});

test('own stop words replace those of the language', async () => {
  expect(await terms('en', 'The Cat', ['CAT'])).toEqual(['the', undefined]);
  expect(await terms('en', 'the cat', [])).toEqual(['the', 'cat']);
});

test('every language can be loaded and stems without failing on odd words', async () => {
  for (const language of LANGUAGES)
    for (const word of ['a', 'é', "d'", 'x'.repeat(500), '٣', 'ǅ', 'ﬃ'])
      expect(await terms(language, word)).toBeDefined();
});

test('words longer than 64 characters are cut', async () => {
  const [term] = await terms('none', 'x'.repeat(500));
  expect(term).toHaveLength(64);
});

test('no list of stop words names a word twice or in upper case', () => {
  for (const language of LANGUAGES) for (const word of stopWords(language)) expect(word).toBe(word.toLowerCase());
});

test.each([
  ['retrieval', 'retriev'],
  ['cheval', 'cheval'],
  ['chevaux', 'cheval'],
  ['', 'x'],
])('a word key gives back word "%s" and term "%s"', (word, term) => {
  expect(parseWordKey(wordKey(word, term))).toEqual({ word, term });
});
