import { convertToText } from '../harness/convert.ts';

const md = async (source: string | Uint8Array, from: 'csv' | 'tsv' = 'csv'): Promise<string> =>
  (await convertToText(source, from, 'md')).text;

describe('separated values', () => {
  test.each([
    ['commas', 'a,b\n1,2'],
    ['semicolons', 'a;b\n1;2'],
    ['pipes', 'a|b\n1|2'],
    ['tabs', 'a\tb\n1\t2'],
    ['a named separator', 'sep=;\na;b\n1;2'],
    ['quotes and CRLF', '"a",b\r\n1,"2"\r\n'],
    ['a byte order mark', '\ufeffa,b\n1,2'],
  ])('are recognised by %s', async (_what, source) => {
    expect(await md(source)).toBe('| a | b |\n| - | - |\n| 1 | 2 |\n');
  });

  test('are not split at separators that are part of the text', async () => {
    expect(await md('name;note\na;x, y\nb;z, w, v')).toBe(
      '| name | note |\n| - | - |\n| a | x, y |\n| b | z, w, v |\n',
    );
  });

  test('of one column stay one column', async () => {
    expect(await md('Industry\nSales\nOther')).toBe('| Industry |\n| - |\n| Sales |\n| Other |\n');
  });

  test('with rows of different lengths are filled up, and that is said', async () => {
    const { text, warnings } = await convertToText('a,b\n1\n1,2,3', 'csv', 'md');
    expect(text).toBe('| a | b |  |\n| - | - | - |\n| 1 |  |  |\n| 1 | 2 | 3 |\n');
    expect(warnings).toEqual(['CSV_RAGGED_ROWS']);
  });

  test('in UTF-16 and Windows-1252 are read as such', async () => {
    expect(await md(Buffer.from('\ufeffä,b\n1,2', 'utf16le'))).toContain('| ä | b |');
    const { warnings } = await convertToText(Buffer.from('naïve,café\nfaçade,über\n', 'latin1'), 'csv', 'md');
    expect(warnings).toEqual(['ENCODING_GUESSED']);
  });

  test('read back as they were written', async () => {
    const source = 'a,"b ""q"""\r\n"x,y","line 1\nline 2"\r\n';
    expect((await convertToText(source, 'csv', 'csv')).text).toBe(source);
  });

  test('are taken from the table that is asked for', async () => {
    const source = '| a | b |\n| - | - |\n| 1 | 2 |\n\ntext\n\n| c | d |\n| - | - |\n| 3 | 4 |\n';
    expect(await convertToText(source, 'md', 'csv', { options: { table: 2 } })).toEqual({
      text: 'c,d\r\n3,4\r\n',
      warnings: ['TABLES_OMITTED', 'TEXT_OMITTED'],
    });
    await expect(convertToText(source, 'md', 'csv', { options: { table: 3 } })).rejects.toMatchObject({
      code: 'CONVERT_NOTHING_TO_WRITE',
    });
  });
});

describe('JSON', () => {
  test('of flat objects is a table', async () => {
    expect((await convertToText('[{"a":1,"b":"x"},{"b":null,"c":true}]', 'json', 'csv')).text).toBe(
      'a,b,c\r\n1,x,\r\n,,true\r\n',
    );
  });

  test('of anything else is a listing', async () => {
    expect((await convertToText('{"a":[1]}', 'json', 'md')).text).toBe('```json\n{\n  "a": [\n    1\n  ]\n}\n```\n');
  });

  test('of the document model reads back as the same document', async () => {
    const source = '# T\n\n- [x] a\n\n| h |\n| - |\n| ![p](u) |\n\nnote[^1]\n\n[^1]: n\n';
    const model = (await convertToText(source, 'md', 'json')).text;
    expect(JSON.parse(model)).toMatchObject({
      schema: 'genai-platform/document@1',
      blocks: [{ type: 'heading', level: 1 }, {}, { header_rows: 1 }, {}],
    });
    expect((await convertToText(model, 'json', 'md')).text).toBe((await convertToText(source, 'md', 'md')).text);
  });

  test('that breaks the model names the place', async () => {
    const broken = JSON.stringify({
      schema: 'genai-platform/document@1',
      metadata: {},
      footnotes: {},
      assets: {},
      blocks: [{ type: 'heading', level: 9, children: [] }],
    });
    await expect(convertToText(broken, 'json', 'md')).rejects.toThrow('/blocks/0/level');
  });
});

describe('plain text', () => {
  test('has paragraphs between blank lines', async () => {
    expect((await convertToText('a\nb\r\n\r\n\r\nc', 'txt', 'html')).text).toBe('<p>a\nb</p>\n<p>c</p>\n');
  });

  test('keeps lists and tables readable', async () => {
    const source = '1. a\n2. b\n\n| h | i |\n| - | - |\n| 1 | 2 |';
    expect((await convertToText(source, 'md', 'txt')).text).toBe('1. a\n2. b\n\nh\ti\n1\t2\n');
  });
});
