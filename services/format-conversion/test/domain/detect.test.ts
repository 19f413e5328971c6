import { detectFormat } from '../../src/domain/detect/detect.ts';
import { detectLanguage } from '../../src/domain/detect/language.ts';
import { defaultLimits } from '../../src/domain/limits.ts';
import { convertToBytes } from '../harness/convert.ts';
import { wordDocument } from '../harness/office.ts';

const formatOf = async (
  input: string | Uint8Array,
  filename?: string,
  contentType?: string,
): Promise<string | undefined> =>
  (await detectFormat(Buffer.from(input), { filename, contentType }, defaultLimits)).format;

describe('the format of a document', () => {
  test.each([
    ['md', '# Title\n\nSome *text* with a [link](https://example.com).'],
    ['md', '- one\n- two\n\n```js\nx\n```'],
    ['md', '| a | b |\n| --- | --- |\n| 1 | 2 |'],
    ['html', '<!DOCTYPE html><html><body>x</body></html>'],
    ['html', '  <p>a</p>'],
    ['csv', 'name,age,city\nAda,36,London\nAlan,41,Wilmslow'],
    ['tsv', 'a\tb\n1\t2\n3\t4'],
    ['json', '{"a": [1, 2, {"b": null}]}'],
    ['txt', 'Dear Sir or Madam,\n\nthank you for your letter, which arrived today. We will answer, as promised.\n'],
    ['txt', 'x'],
    ['rtf', '{\\rtf1\\ansi Hello}'],
  ])('is %s by its content', async (format, source) => {
    expect(await formatOf(source)).toBe(format);
  });

  test.each(['docx', 'pdf', 'epub'] as const)('is %s by its signature, whatever it is called', async (format) => {
    expect(await formatOf(await convertToBytes('# A', 'md', format), 'report.txt', 'text/plain')).toBe(format);
  });

  test('follows the name where the content leaves it open', async () => {
    expect(await formatOf('just words', 'readme.md')).toBe('md');
    expect(await formatOf('one column\nof words', 'x.csv')).toBe('csv');
    expect(await formatOf('# no heading', 'notes.txt')).toBe('txt');
  });

  test('does not follow a name that the bytes contradict', async () => {
    expect(await formatOf(wordDocument('<w:p/>'), 'table.csv')).toBe('docx');
  });

  test('is unknown for binary data, with a name where there is one', async () => {
    const picture = await detectFormat(
      Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
      {},
      defaultLimits,
    );
    expect(picture).toMatchObject({ format: undefined, mediaType: 'image/jpeg' });
    const noise = await detectFormat(
      Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 89) % 256)),
      {},
      defaultLimits,
    );
    expect(noise).toMatchObject({ format: undefined, mediaType: 'application/octet-stream' });
  });
});

test.each([
  ['en', 'The quick brown fox jumps over the lazy dog and runs away from it.'],
  ['de', 'Der schnelle braune Fuchs springt über den faulen Hund und läuft davon.'],
  ['fr', 'Le renard brun rapide saute par-dessus le chien paresseux et se sauve.'],
  ['ko', '빠른 갈색 여우가 게으른 개를 뛰어넘어 멀리 달아난다는 이야기입니다.'],
  [undefined, '42'],
])('the language of a text is a hint: %s', (language, text) => {
  expect(detectLanguage(text)?.code).toBe(language);
});
