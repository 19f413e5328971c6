import fc from 'fast-check';
import type { Block } from '../../src/domain/document/block.ts';
import { paragraph } from '../../src/domain/document/block.ts';
import type { Context } from '../../src/domain/context.ts';
import { documentOf } from '../../src/domain/document/document.ts';
import { marked, text } from '../../src/domain/document/inline.ts';
import { Warnings } from '../../src/domain/document/warnings.ts';
import { defaultLimits } from '../../src/domain/limits.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { readMarkdown } from '../../src/domain/readers/markdown/read.ts';
import { writeMarkdown } from '../../src/domain/writers/markdown/write.ts';
import { convertToText } from '../harness/convert.ts';

const context = (): Context => ({ options: defaultOptions, limits: defaultLimits, warnings: new Warnings() });
const write = (...blocks: Block[]): string => Buffer.from(writeMarkdown(documentOf(blocks), context())).toString();
const again = (...blocks: Block[]): Block[] => readMarkdown(Buffer.from(write(...blocks)), context()).blocks;

/** Words of everything that means something to Markdown, but no addresses: those become links by themselves. */
const word = fc
  .stringMatching(/^[a-zA-Z0-9*_`~[\]()<>#+\-.!|\\&;:$^{}"'=/é中]{1,8}$/)
  .filter((value) => !/:\/\/|www\.|@/.test(value));
const words = fc.array(word, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' '));

describe('Markdown that is written', () => {
  test('reads back as exactly the characters that went in, whatever they are', () => {
    fc.assert(
      fc.property(words, (value) => expect(again(paragraph([text(value)]))).toEqual([paragraph([text(value)])])),
      { numRuns: 2_000 },
    );
  });

  test('reads back as the same heading', () => {
    const heading = (value: string): Block => ({ type: 'heading', level: 2, children: [text(value)] });
    fc.assert(
      fc.property(words, (value) => expect(again(heading(value))).toEqual([heading(value)])),
      { numRuns: 500 },
    );
  });

  test('reads back as the same code, whatever backticks are in it', () => {
    const code = (value: string): Block => ({ type: 'code', language: 'x', text: `${value}\n` });
    fc.assert(
      fc.property(words, (value) => expect(again(code(value))).toEqual([code(value)])),
      { numRuns: 500 },
    );
  });

  test('keeps words in table cells', () => {
    const cell = (value: string) => ({ children: [paragraph([text(value)])], colspan: 1, rowspan: 1, header: false });
    fc.assert(
      fc.property(words, (value) => {
        const rows = [{ cells: [cell('h'), cell('i')] }, { cells: [cell(value), cell('end')] }];
        const [table] = again({ type: 'table', caption: [], headerRows: 1, alignments: [], rows });
        expect(table?.type === 'table' && table.rows[1]?.cells[0]?.children).toEqual([paragraph([text(value)])]);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['punctuation inside a mark before a letter', [marked('strong', [text('Term:')]), text('text')], '**Term**:text'],
    ['marks inside marks', [marked('strong', [text('a '), marked('emphasis', [text('b')])])], '**a *b***'],
    ['a mark of punctuation alone', [marked('strong', [text('.')]), text('x')], '.x'],
    ['neighbouring marks', [marked('strong', [text('a')]), marked('emphasis', [text('b')])], '**a**_b_'],
    ['a subscript', [text('H'), marked('subscript', [text('2')]), text('O')], 'H<sub>2</sub>O'],
  ])('sets %s so that it means what was meant', (_what, children, expected) => {
    expect(write(paragraph(children))).toBe(`${expected}\n`);
  });

  test('keeps neighbouring lists apart', () => {
    const list = (value: string): Block => ({
      type: 'list',
      ordered: false,
      start: 1,
      style: 'decimal',
      tight: true,
      items: [{ children: [paragraph([text(value)])] }],
    });
    expect(write(list('a'), list('b'))).toBe('- a\n\n* b\n');
    expect(again(list('a'), list('b'))).toHaveLength(2);
  });

  test('repeats or blanks the text of spanning cells, and says so', async () => {
    const source =
      '<table><tr><th colspan=2>H</th></tr><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>';
    const repeated = await convertToText(source, 'html', 'md');
    expect(repeated).toEqual({
      text: '| H | H |\n| - | - |\n| a | b |\n| a | c |\n',
      warnings: ['TABLE_SPANS_FLATTENED'],
    });
    const blank = await convertToText(source, 'html', 'md', { options: { spans: 'blank' } });
    expect(blank.text).toBe('| H |  |\n| - | - |\n| a | b |\n|  | c |\n');
  });

  test('shows embedded pictures as asked', async () => {
    const source = '<p><img alt="dot" src="data:image/png;base64,iVBORw0KGgo="></p>';
    expect((await convertToText(source, 'html', 'md')).text).toBe('<!-- image: dot -->\n');
    expect((await convertToText(source, 'html', 'md', { options: { images: 'embed' } })).text).toBe(
      '![dot](data:image/png;base64,iVBORw0KGgo=)\n',
    );
    expect((await convertToText(source, 'html', 'md', { options: { images: 'omit' } })).text).toBe('dot\n');
  });
});
