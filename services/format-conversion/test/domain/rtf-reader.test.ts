import { convertToText } from '../harness/convert.ts';

const md = async (body: string): Promise<string> =>
  (await convertToText(Buffer.from(`{\\rtf1\\ansi\\ansicpg1252\\uc1 ${body}}`, 'latin1'), 'rtf', 'md')).text.trimEnd();

describe('Rich Text Format', () => {
  test.each([
    [
      'paragraphs and marks',
      '{\\b bold} and {\\i italic\\i0  not}\\par second\\line line',
      '**bold** and *italic* not\n\nsecond  \nline',
    ],
    ['characters in code pages and Unicode', "caf\\'e9 \\u8364? \\emdash  \\{x\\}", 'café € — {x}'],
    [
      'headings by style',
      '{\\stylesheet{\\s1 heading 1;}{\\s2\\sbasedon1 Title;}}{\\pard\\s2 T\\par}{\\pard\\s1 A\\par}\\pard text',
      '# T\n\n## A\n\ntext',
    ],
    [
      'lists',
      "{\\pard{\\listtext\\'b7\\tab}one\\par{\\listtext\\'b7\\tab}two\\par}{\\pard{\\pntext 1.\\tab}first\\par}",
      '- one\n- two\n\n1. first',
    ],
    [
      'tables',
      '\\trowd\\cellx1\\cellx2\\intbl a\\cell b\\cell\\row\\trowd\\intbl 1\\cell\\intbl 2\\cell\\row\\pard after',
      '| a | b |\n| - | - |\n| 1 | 2 |\n\nafter',
    ],
    [
      'links',
      '{\\field{\\*\\fldinst{HYPERLINK "https://a.example/"}}{\\fldrslt{\\ul here}}}',
      '[here](https://a.example/)',
    ],
    ['footnotes', 'a{\\footnote note}b', 'a[^1]b\n\n[^1]: note'],
    [
      'no headers, fonts, unknown destinations or hidden text',
      '{\\fonttbl{\\f0 Times;}}{\\header x}{\\*\\generator y;}{\\v z}seen',
      'seen',
    ],
  ])('has %s', async (_what, source, expected) => {
    expect(await md(source)).toBe(expected);
  });

  test('that nests without end is refused', async () => {
    await expect(md('{'.repeat(10_000))).rejects.toMatchObject({ code: 'CONVERT_DOCUMENT_TOO_LARGE' });
  });
});
