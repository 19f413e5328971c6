import fc from 'fast-check';
import { compareCodePoints } from '../../src/domain/codec/code-point-order.ts';
import { Dictionary } from '../../src/domain/codec/dictionary.ts';
import { DictionaryWriter } from '../../src/domain/codec/dictionary-writer.ts';
import { sortTerms } from '../../src/domain/codec/sort-terms.ts';

const term = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\uffee', '𝒳'), minLength: 1, maxLength: 6 }),
  fc.string({ unit: fc.constant('a'), minLength: 100, maxLength: 300 }).map((text) => `long${text}`),
);
const terms = fc.uniqueArray(term, { maxLength: 120 }).map((list) => [...list].sort(compareCodePoints));
const encoder = new TextEncoder();

function build(list: readonly string[]): Dictionary {
  const writer = new DictionaryWriter(2);
  list.forEach((text, i) => writer.addText(text, i + 1, [i * 3, i % 5]));
  return new Dictionary(writer.finish());
}

test('gives back every term with its frequency and ranges, and no other term', () => {
  fc.assert(
    fc.property(terms, term, (list, stranger) => {
      const dictionary = build(list);
      expect(dictionary.size).toBe(list.length);
      const offsets = [0, 0];
      list.forEach((text, i) => {
        const entry = { documents: i + 1, offsets: [...offsets], lengths: [i * 3, i % 5] };
        expect(dictionary.get(text)).toEqual(entry);
        offsets[0]! += i * 3;
        offsets[1]! += i % 5;
      });
      if (!list.includes(stranger)) expect(dictionary.get(stranger)).toBeUndefined();
    }),
  );
});

test('seeks the first term that is not less, and walks on in order', () => {
  fc.assert(
    fc.property(terms, term, (list, from) => {
      const walked: string[] = [];
      for (const cursor = build(list).seek(encoder.encode(from)); cursor.valid; cursor.next())
        walked.push(cursor.term());
      expect(walked).toEqual(list.filter((text) => compareCodePoints(text, from) >= 0));
    }),
  );
});

test('terms are sorted by code point', () => {
  const any = fc.oneof(term, fc.string({ unit: 'binary', maxLength: 7 }), fc.string({ unit: 'grapheme-ascii' }));
  fc.assert(
    fc.property(fc.uniqueArray(any, { maxLength: 200 }), (list) => {
      expect(sortTerms(list)).toEqual([...list].sort(compareCodePoints));
    }),
  );
});

test('the order of code points is the order of UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
