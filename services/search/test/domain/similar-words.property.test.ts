import { wordKey } from '@genai-platform/common/retrieval';
import fc from 'fast-check';
import { compareCodePoints } from '../../src/domain/codec/code-point-order.ts';
import { Dictionary } from '../../src/domain/codec/dictionary.ts';
import { DictionaryWriter } from '../../src/domain/codec/dictionary-writer.ts';
import { similarWords, wordsWithPrefix } from '../../src/domain/query/similar-words.ts';

const letter = fc.constantFrom('a', 'b', 'c', 'é', '𝒳');
const word = fc.string({ unit: letter, minLength: 1, maxLength: 7 });
// Enough for many blocks of the dictionary, so that walks jump over whole ones.
const vocabulary = fc.uniqueArray(word, { maxLength: 250, size: 'max' });

function dictionaryOf(words: readonly string[]): Dictionary {
  const writer = new DictionaryWriter(1);
  for (const key of words.map((each) => wordKey(each, each.slice(0, 3))).sort(compareCodePoints))
    writer.addText(key, 1, [1]);
  return new Dictionary(writer.finish());
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
function edits(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  const d = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_x, j) => (i === 0 ? j : i)),
  );
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      d[i]![j] = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d[i]![j] = Math.min(d[i]![j]!, d[i - 2]![j - 2]! + 1);
    }
  return d[a.length]![b.length]!;
}

test.each([0, 1, 2])('finds exactly the words within %i edits, with their distance', (limit) => {
  fc.assert(
    fc.property(vocabulary, word, (words, pattern) => {
      const found = similarWords(dictionaryOf(words), pattern, limit).map((each) => [each.word, each.edits]);
      const expected = words
        .map((each) => [each, edits(pattern, each)] as const)
        .filter(([, distance]) => distance <= limit);
      expect(new Map(found as [string, number][])).toEqual(new Map(expected));
    }),
    { numRuns: 80 },
  );
});

test('finds exactly the words of which some beginning is within one edit', () => {
  fc.assert(
    fc.property(vocabulary, word, (words, pattern) => {
      const found = similarWords(dictionaryOf(words), pattern, 1, true).map((each) => [each.word, each.edits]);
      const nearest = (each: string): number => {
        const letters = [...each];
        return Math.min(...letters.map((_, i) => edits(pattern, letters.slice(0, i + 1).join(''))));
      };
      const expected = words.map((each) => [each, nearest(each)] as const).filter(([, distance]) => distance <= 1);
      expect(new Map(found as [string, number][])).toEqual(new Map(expected));
    }),
    { numRuns: 80 },
  );
});

test('finds exactly the words with a prefix, with their terms', () => {
  fc.assert(
    fc.property(vocabulary, word, (words, prefix) => {
      const found = wordsWithPrefix(dictionaryOf(words), prefix);
      expect(new Set(found.map((each) => each.word))).toEqual(new Set(words.filter((each) => each.startsWith(prefix))));
      for (const each of found) expect(each.term).toBe(each.word.slice(0, 3));
    }),
  );
});
