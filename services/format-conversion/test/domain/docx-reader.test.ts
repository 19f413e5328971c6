import { convertToText } from '../harness/convert.ts';
import { paragraphXml as p, styleXml, wordDocument, type WordParts } from '../harness/office.ts';

const md = async (body: string, parts: WordParts = {}): Promise<string> =>
  (await convertToText(wordDocument(body, parts), 'docx', 'md')).text.trimEnd();

const numbered = (level: number, id = 1): string =>
  `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${id}"/></w:numPr>`;
const level = (index: number, format: string, text: string): string =>
  `<w:lvl w:ilvl="${index}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`;
const numbering =
  `<w:abstractNum w:abstractNumId="0">${level(0, 'decimal', '%1.')}${level(1, 'decimal', '%1.%2')}</w:abstractNum>` +
  `<w:abstractNum w:abstractNumId="1">${level(0, 'bullet', '•')}${level(1, 'bullet', 'o')}</w:abstractNum>` +
  '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>' +
  '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>';

describe('Word paragraphs', () => {
  test('are headings by style name or outline level, below the title', async () => {
    const styles =
      styleXml('T', 'Title') +
      styleXml('U1', 'heading 1') +
      styleXml('Own', 'My heading', '<w:basedOn w:val="U1"/>') +
      styleXml('O', 'o', '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>');
    expect(
      await md(p('A', { style: 'T' }) + p('B', { style: 'U1' }) + p('C', { style: 'Own' }) + p('D', { style: 'O' }), {
        styles,
      }),
    ).toBe('# A\n\n## B\n\n## C\n\n### D');
  });

  test('keep marks of runs and character styles, merged over split runs', async () => {
    const styles = '<w:style w:type="character" w:styleId="S"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>';
    const run = (text: string, properties: string): string =>
      `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
    const body = `<w:p>${run('a', '<w:b/>')}${run('b ', '<w:b w:val="1"/>')}${run('c', '<w:rStyle w:val="S"/>')}${run(' d', '<w:b w:val="0"/><w:i/>')}</w:p>`;
    expect(await md(body, { styles })).toBe('**ab c** *d*');
  });

  test('drop deletions, hidden text and comments, and say so', async () => {
    const body =
      '<w:p><w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>x</w:delText></w:r></w:del><w:ins><w:r><w:t>b</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>y</w:t></w:r><w:commentRangeStart w:id="1"/></w:p>';
    expect(await convertToText(wordDocument(body), 'docx', 'md')).toEqual({
      text: 'ab\n',
      warnings: ['TRACKED_CHANGES_APPLIED', 'HIDDEN_TEXT_DROPPED', 'COMMENTS_DROPPED'],
    });
  });

  test('keep links, also those that are fields', async () => {
    const field = (type: string): string => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`;
    const body =
      '<w:p><w:hyperlink r:id="rL"><w:r><w:t>one</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve"> </w:t></w:r>' +
      `${field('begin')}<w:r><w:instrText> HYPERLINK "https://b.example/" </w:instrText></w:r>${field('separate')}<w:r><w:t>two</w:t></w:r>${field('end')}</w:p>`;
    const related = [{ id: 'rL', type: 'hyperlink', target: 'https://a.example/', external: true }];
    expect(await md(body, { related })).toBe('[one](https://a.example/) [two](https://b.example/)');
  });

  test('become code, quotes and rules by their style', async () => {
    const styles = styleXml('C', 'Source Code') + styleXml('Q', 'Quote');
    const body =
      p('if (a)', { style: 'C' }) +
      p('  b', { style: 'C' }) +
      p('q', { style: 'Q' }) +
      '<w:p><w:pPr><w:pBdr><w:bottom w:val="single"/></w:pBdr></w:pPr></w:p>';
    expect(await md(body, { styles })).toBe('```\nif (a)\n  b\n```\n\n> q\n\n---');
  });

  test('carry footnotes', async () => {
    const footnotes = `<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote><w:footnote w:id="2">${p('note')}</w:footnote>`;
    const body =
      '<w:p><w:r><w:t>a</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r></w:p>';
    expect(await md(body, { footnotes })).toBe('a[^2]\n\n[^2]: note');
  });
});

describe('Word lists', () => {
  test('nest by level and keep their numbers, also across paragraphs', async () => {
    const body =
      p('a', { properties: numbered(0) }) +
      p('a1', { properties: numbered(1) }) +
      p('text') +
      p('b', { properties: numbered(0) });
    expect(await md(body, { numbering })).toBe('1. a\n   - 1.1 a1\n\ntext\n\n2. b');
  });

  test('may start anew at any number', async () => {
    const body = p('a', { properties: numbered(0, 3) }) + p('b', { properties: numbered(0, 3) });
    expect(await md(body, { numbering })).toBe('5. a\n6. b');
  });

  test('number headings with text', async () => {
    const styles = styleXml('H', 'heading 1', `<w:pPr>${numbered(0)}</w:pPr>`);
    expect(await md(p('A', { style: 'H' }) + p('B', { style: 'H' }), { styles, numbering })).toBe('## 1. A\n\n## 2. B');
  });

  test('of check boxes are task lists, whatever the boxes are made of', async () => {
    const box =
      '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>';
    const old =
      '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData></w:fldChar></w:r>';
    const end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>';
    expect(await md(`<w:p>${box}<w:r><w:t> a</w:t></w:r></w:p><w:p>${old}${end}<w:r><w:t>b</w:t></w:r></w:p>`)).toBe(
      '- [x] a\n- [ ] b',
    );
  });
});

describe('Word tables', () => {
  const row = (...cells: string[]): string => `<w:tr>${cells.join('')}</w:tr>`;
  const cell = (text: string, properties = ''): string => `<w:tc><w:tcPr>${properties}</w:tcPr>${p(text)}</w:tc>`;

  test('keep spans in both directions', async () => {
    const body = `<w:tbl>${row(cell('H', '<w:gridSpan w:val="2"/>'))}${row(cell('a', '<w:vMerge w:val="restart"/>'), cell('b'))}${row(cell('', '<w:vMerge/>'), cell('c'))}</w:tbl>`;
    const { text } = await convertToText(wordDocument(body), 'docx', 'html');
    expect(text).toBe(
      '<table>\n<thead>\n<tr>\n<th colspan="2">H</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td rowspan="2">a</td>\n<td>b</td>\n</tr>\n<tr>\n<td>c</td>\n</tr>\n</tbody>\n</table>\n',
    );
  });

  test('keep what is in their cells', async () => {
    const inner = `<w:tc>${p('x', { properties: numbered(0, 2) })}${p('y', { properties: numbered(1, 2) })}</w:tc>`;
    expect(await md(`<w:tbl>${row(cell('h'), cell('i'))}${row(inner, cell('z'))}</w:tbl>`, { numbering })).toBe(
      '| h | i |\n| - | - |\n| - x - y | z |',
    );
  });

  test('of one cell are frames around their content', async () => {
    expect(await md(`<w:tbl>${row(cell('boxed'))}</w:tbl>`)).toBe('boxed');
  });
});

describe('Word drawings', () => {
  const picture =
    '<w:drawing><wp:inline><wp:docPr id="1" name="P" descr="a dot"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="rI"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>';

  test('are embedded with their alternative text', async () => {
    const parts: WordParts = {
      related: [{ id: 'rI', type: 'image', target: 'media/i.png' }],
      files: { 'word/media/i.png': Buffer.from('png') },
    };
    const { text } = await convertToText(wordDocument(`<w:p><w:r>${picture}</w:r></w:p>`, parts), 'docx', 'html');
    expect(text).toBe('<p><img src="data:image/png;base64,cG5n" alt="a dot" /></p>\n');
  });

  test('give their text boxes after the paragraph, once', async () => {
    const content = `<w:txbxContent>${p('boxed')}</w:txbxContent>`;
    const box = `<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>${content}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>${content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>`;
    expect(await md(`<w:p><w:r><w:t>before</w:t></w:r><w:r>${box}</w:r></w:p>`)).toBe('before\n\nboxed');
  });
});

describe('Word equations', () => {
  const run = (text: string): string => `<m:r><m:t>${text}</m:t></m:r>`;

  test.each([
    ['a fraction', `<m:f><m:num>${run('1')}</m:num><m:den>${run('x')}</m:den></m:f>`, '\\frac{1}{x}'],
    [
      'scripts',
      `<m:sSubSup><m:e>${run('x')}</m:e><m:sub>${run('i')}</m:sub><m:sup>${run('2')}</m:sup></m:sSubSup>`,
      'x_{i}^{2}',
    ],
    [
      'a power of a fraction',
      `<m:sSup><m:e><m:f><m:num>${run('a')}</m:num><m:den>${run('b')}</m:den></m:f></m:e><m:sup>${run('2')}</m:sup></m:sSup>`,
      '{\\frac{a}{b}}^{2}',
    ],
    [
      'a sum',
      `<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>${run('i=1')}</m:sub><m:sup>${run('n')}</m:sup><m:e>${run('i')}</m:e></m:nary>`,
      '\\sum_{i=1}^{n}i',
    ],
    ['a root', `<m:rad><m:deg>${run('3')}</m:deg><m:e>${run('x')}</m:e></m:rad>`, '\\sqrt[3]{x}'],
    ['a function', `<m:func><m:fName>${run('sin')}</m:fName><m:e>${run('x')}</m:e></m:func>`, '\\sin x'],
    [
      'brackets',
      `<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val=""/></m:dPr><m:e>${run('x')}</m:e></m:d>`,
      '\\left[x\\right.',
    ],
    ['symbols', run('α≤β'), '\\alpha\\leq\\beta'],
    [
      'a matrix',
      `<m:m><m:mr><m:e>${run('a')}</m:e><m:e>${run('b')}</m:e></m:mr></m:m>`,
      '\\begin{matrix}a & b\\end{matrix}',
    ],
    ['letters of mathematical alphabets', run('𝑥'), 'x'],
  ])('turn %s into LaTeX', async (_what, math, expected) => {
    expect(await md(`<w:p><m:oMath>${math}</m:oMath></w:p>`)).toBe(`$$${expected}$$`);
    expect(await md(`<w:p><w:r><w:t xml:space="preserve">so </w:t></w:r><m:oMath>${math}</m:oMath></w:p>`)).toBe(
      `so $${expected}$`,
    );
  });
});

test('a strict package reads like a transitional one', async () => {
  const strict = Buffer.from(wordDocument(p('same')));
  const { unzipSync, zipSync } = await import('fflate');
  const parts = unzipSync(strict);
  const replaced = Object.fromEntries(
    Object.entries(parts).map(([name, bytes]) => [
      name,
      Buffer.from(
        Buffer.from(bytes)
          .toString()
          .replaceAll(
            'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
            'http://purl.oclc.org/ooxml/wordprocessingml/main',
          )
          .replaceAll(
            'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
            'http://purl.oclc.org/ooxml/officeDocument/relationships',
          ),
      ),
    ]),
  );
  expect((await convertToText(zipSync(replaced), 'docx', 'md')).text).toBe('same\n');
});
