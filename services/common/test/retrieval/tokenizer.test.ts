import fc from 'fast-check';
import { tokenize } from '../../src/retrieval/tokenizer.ts';

function tokens(text: string): string[] {
  const found: string[] = [];
  tokenize(text, (start, end) => found.push(text.slice(start, end)));
  return found;
}

test.each([
  ['splits at spaces and punctuation', 'Time-sharing, (batch)!', ['Time', 'sharing', 'batch']],
  ['keeps an apostrophe between letters', "don't 'quoted' l’été", ["don't", 'quoted', 'l’été']],
  ['keeps points and commas between digits only', '3.14 1,000 node.js end.', ['3.14', '1,000', 'node', 'js', 'end']],
  ['splits at underscores', 'snake_case', ['snake', 'case']],
  ['keeps marks with their letters', 'e\u0301te\u0301 naïve', ['e\u0301te\u0301', 'naïve']],
  ['pairs characters of scripts without spaces', '東京都は', ['東京', '京都', '都は']],
  ['keeps a lone character of such a script', '東 and', ['東', 'and']],
  ['takes characters beyond the basic plane whole', '𠀀𠀁𠀂 𝒳𝒴', ['𠀀𠀁', '𠀁𠀂', '𝒳𝒴']],
  ['finds nothing in nothing', ' … ', []],
])('%s', (_name, text, expected) => expect(tokens(text)).toEqual(expected));

test('tokens are verbatim pieces of the text, in order, and never halves of a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      let last = -1;
      tokenize(text, (start, end) => {
        expect(start).toBeGreaterThan(last);
        expect(end).toBeGreaterThan(start);
        expect(text.slice(start, end).isWellFormed()).toBe(
          text.isWellFormed() || text.slice(start, end).isWellFormed(),
        );
        last = start;
      });
    }),
  );
});
