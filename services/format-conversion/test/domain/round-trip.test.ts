import { convertToBytes, convertToText } from '../harness/convert.ts';
import { blockShapes, shapeOverlap } from '../harness/block-shape.ts';

const SAMPLE = `# A guide

Intro with **bold**, *italic*, ~~gone~~, \`code\`, H<sub>2</sub>O and a [link](https://example.com/a?b=c&d=e).  
Second line.

## Lists

- one
- two
  - nested **b**
    - deeper
  - nested c
- three

1. first
2. second

   continued paragraph
3. third

- [x] done
- [ ] open

## Table

| Name | Value | Note |
| :- | -: | - |
| a | 1 | x \\| y |
| b | 2 |  |

## Code

\`\`\`
const x = 1;

  if (x) { y(); }
\`\`\`

> A quote
>
> of two paragraphs

---

Math $a^{2}+b^{2}=\\frac{c}{2}$ inline and

$$\\sum_{i=1}^{n}x_{i}$$

A note[^1].

### Deep

End.

[^1]: The note.
`;

describe('a Markdown document', () => {
  test('comes back from Word as it went in', async () => {
    const word = await convertToBytes(SAMPLE, 'md', 'docx');
    expect((await convertToText(word, 'docx', 'md')).text).toBe(SAMPLE);
  });

  test('with several top headings keeps their levels', async () => {
    const source = '# A\n\n## B\n\n# C\n';
    expect((await convertToText(await convertToBytes(source, 'md', 'docx'), 'docx', 'md')).text).toBe(source);
  });

  test.each(['docx', 'html', 'json', 'epub'] as const)(
    'keeps at least 95 %% of its block structure through %s',
    async (format) => {
      const there = await convertToBytes(SAMPLE, 'md', format);
      const back = (await convertToText(there, format, 'md')).text;
      expect(shapeOverlap(blockShapes(SAMPLE), blockShapes(back))).toBeGreaterThanOrEqual(0.95);
    },
  );

  test('through PDF keeps its headings, lists, tables and code', async () => {
    const back = (await convertToText(await convertToBytes(SAMPLE, 'md', 'pdf'), 'pdf', 'md')).text;
    for (const expected of [
      '# A guide',
      '## Lists',
      '### Deep',
      '- two',
      '  - nested **b**',
      '1. first',
      '| a | 1 | x \\| y |',
      '```\nconst x = 1;',
    ]) {
      expect(back).toContain(expected);
    }
  });
});
