import { convertToText } from '../harness/convert.ts';
import { drawLines, drawPdf, type PdfPen } from '../harness/pdf.ts';

const md = async (draw: (pen: PdfPen) => void): Promise<string> =>
  (await convertToText(await drawPdf(draw), 'pdf', 'md')).text.trimEnd();

const LEFT = [
  'The left column of this page tells a story',
  'that goes on over several lines of about',
  'the same length, as columns of text do,',
  'until it comes to its end in this line.',
];
const RIGHT = [
  'The right column of the page begins after',
  'the left one has ended, although it stands',
  'beside it, and it has as many lines of text',
  'so that both of them look like columns.',
];

describe('the text of a PDF', () => {
  test('is joined over line ends, without the hyphens of broken words', async () => {
    const text = await md((pen) =>
      drawLines(pen, ['A paragraph that is bro-', 'ken over lines, well-', 'known to be well-known.'], 72, 100),
    );
    expect(text).toBe('A paragraph that is broken over lines, well-known to be well-known.');
  });

  test('is read column by column, under what stands across them', async () => {
    const text = await md((pen) => {
      pen.text('A title that stands across both columns of the page', 72, 80, { size: 18, font: 'bold' });
      drawLines(pen, LEFT, 72, 120);
      drawLines(pen, RIGHT, 320, 121);
    });
    expect(text).toBe(
      `## A title that stands across both columns of the page\n\n${LEFT.join(' ')}\n\n${RIGHT.join(' ')}`,
    );
  });

  test('has headings by size and weight, with levels', async () => {
    const text = await md((pen) => {
      pen.text('The Title', 72, 80, { size: 24, font: 'bold' });
      pen.text('Section', 72, 120, { size: 14, font: 'bold' });
      const below = drawLines(pen, ['Some text of the section.', 'It has more than one line.'], 72, 145);
      pen.text('Subsection', 72, below + 20, { size: 10, font: 'bold' });
      drawLines(pen, ['Text below it.'], 72, below + 38);
    });
    expect(text).toBe(
      '# The Title\n\n## Section\n\nSome text of the section. It has more than one line.\n\n### Subsection\n\nText below it.',
    );
  });

  test('has lists by their markers and indentation', async () => {
    const text = await md((pen) => {
      pen.text('• one, which goes on', 72, 100);
      pen.text('in a second line', 79, 112);
      pen.text('• two', 72, 124);
      pen.text('– nested', 90, 136);
      pen.text('1. first', 72, 160);
      pen.text('2. second', 72, 172);
    });
    expect(text).toBe('- one, which goes on in a second line\n- two\n  - nested\n\n1. first\n2. second');
  });

  test('has code by its typewriter face, with indentation', async () => {
    const text = await md((pen) => {
      pen.text('Prose before the listing.', 72, 80);
      pen.text('if (a) {', 72, 110, { font: 'mono' });
      pen.text('b();', 84, 122, { font: 'mono' });
      pen.text('}', 72, 134, { font: 'mono' });
    });
    expect(text).toBe('Prose before the listing.\n\n```\nif (a) {\n  b();\n}\n```');
  });

  test('has the links of its annotations, and marks of its faces', async () => {
    const text = await md((pen) => {
      pen.text('See', 72, 100);
      pen.text('this page', 90, 100, { font: 'italic' });
      pen.link('https://a.example/', 88, 100, 40);
      pen.text('for more of the same thing.', 131, 100);
    });
    expect(text).toBe('See [*this page*](https://a.example/) for more of the same thing.');
  });

  test('has no running heads, feet and page numbers', async () => {
    const bytes = await drawPdf((pen) => {
      for (let page = 1; page <= 4; page += 1) {
        if (page > 1) pen.newPage();
        pen.text('Annual report', 72, 40);
        drawLines(pen, [`Page body number ${page} has its own words.`], 72, 200);
        pen.text(`${page}`, 297, 810);
      }
    });
    const { text, warnings } = await convertToText(bytes, 'pdf', 'md');
    expect(text).not.toContain('Annual report');
    expect(text.match(/^\d$/gm)).toBeNull();
    expect(warnings).toContain('PAGE_HEADERS_DROPPED');
  });

  test('is read from the pages that are asked for', async () => {
    const bytes = await drawPdf((pen) => {
      pen.text('Words of the first page', 72, 300);
      pen.newPage();
      pen.text('Words of the second page', 72, 300);
    });
    expect((await convertToText(bytes, 'pdf', 'md', { options: { pages: '2' } })).text).toBe(
      'Words of the second page\n',
    );
  });
});

describe('tables of a PDF', () => {
  const cells = [
    ['Name', 'Count', 'Note'],
    ['alpha', '1', 'first'],
    ['beta', '22', 'second'],
    ['gamma', '333', 'third'],
  ];
  const expected =
    '| Name | Count | Note |\n| - | - | - |\n| alpha | 1 | first |\n| beta | 22 | second |\n| gamma | 333 | third |';
  const drawCells = (pen: PdfPen): void =>
    cells.forEach((row, down) => row.forEach((cell, across) => pen.text(cell, 80 + across * 120, 114 + down * 20)));

  test('are found by their lines', async () => {
    expect(
      await md((pen) => {
        drawCells(pen);
        for (let row = 0; row <= 4; row += 1) pen.line(72, 100 + row * 20, 432, 100 + row * 20);
        for (let column = 0; column <= 3; column += 1) pen.line(72 + column * 120, 100, 72 + column * 120, 180);
      }),
    ).toBe(expected);
  });

  test('are found by their alignment where there are no lines', async () => {
    expect(await md(drawCells)).toBe(expected);
  });

  test('have spanning cells where lines are left out', async () => {
    const bytes = await drawPdf((pen) => {
      pen.text('Both', 80, 114);
      [
        ['a', 'b'],
        ['c', 'd'],
      ].forEach((row, down) => row.forEach((cell, across) => pen.text(cell, 80 + across * 100, 134 + down * 20)));
      for (let row = 0; row <= 3; row += 1) pen.line(72, 100 + row * 20, 272, 100 + row * 20);
      pen.line(72, 100, 72, 160);
      pen.line(272, 100, 272, 160);
      pen.line(172, 120, 172, 160);
    });
    expect((await convertToText(bytes, 'pdf', 'html')).text).toContain('<th colspan="2">Both</th>');
  });
});
