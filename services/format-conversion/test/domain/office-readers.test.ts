import { zipSync } from 'fflate';
import { convertToText } from '../harness/convert.ts';
import { officePackage, part, relationships } from '../harness/office.ts';

describe('Excel workbooks', () => {
  const styles = part(
    'x:styleSheet',
    '<x:numFmts><x:numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/></x:numFmts><x:fonts><x:font/></x:fonts>' +
      '<x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/><x:xf numFmtId="10"/><x:xf numFmtId="164"/></x:cellXfs>',
  );
  const workbook = (sheets: Readonly<Record<string, string>>, shared = ''): Uint8Array => {
    const names = Object.keys(sheets);
    const list = names.map(
      (name, index) =>
        `<x:sheet name="${name.replace('!', '')}"${name.endsWith('!') ? ' state="hidden"' : ''} sheetId="${index + 1}" r:id="s${index}"/>`,
    );
    return officePackage('xl/workbook.xml', {
      'xl/workbook.xml': part('x:workbook', `<x:sheets>${list.join('')}</x:sheets>`),
      'xl/_rels/workbook.xml.rels': relationships([
        ...names.map((_, index) => ({ id: `s${index}`, type: 'worksheet', target: `worksheets/sheet${index}.xml` })),
        { id: 'st', type: 'styles', target: 'styles.xml' },
        { id: 'sh', type: 'sharedStrings', target: 'sharedStrings.xml' },
      ]),
      'xl/styles.xml': styles,
      'xl/sharedStrings.xml': part('x:sst', shared),
      ...Object.fromEntries(
        names.map((name, index) => [`xl/worksheets/sheet${index}.xml`, part('x:worksheet', sheets[name] ?? '')]),
      ),
    });
  };
  const md = async (sheets: Readonly<Record<string, string>>, shared = ''): Promise<string> =>
    (await convertToText(workbook(sheets, shared), 'xlsx', 'md')).text.trimEnd();
  const row = (number: number, cells: string): string => `<x:row r="${number}">${cells}</x:row>`;
  const value = (reference: string, content: string | number, attributes = ''): string =>
    `<x:c r="${reference}" ${attributes}><x:v>${content}</x:v></x:c>`;

  test('give strings, numbers, dates, percentages and truth as they are shown', async () => {
    const data =
      row(1, value('A1', 0, 't="s"') + value('B1', 1, 't="s"')) +
      row(2, value('A2', 45000.5, 's="3"') + value('B2', 0.125, 's="2"')) +
      row(3, value('A3', 45000, 's="1"') + value('B3', 1, 't="b"')) +
      row(4, value('A4', 0.1 + 0.2) + '<x:c r="B4" t="inlineStr"><x:is><x:t>in</x:t></x:is></x:c>');
    const shared = '<x:si><x:t>When</x:t></x:si><x:si><x:r><x:t>Ri</x:t></x:r><x:r><x:t>ch</x:t></x:r></x:si>';
    expect(await md({ S: `<x:sheetData>${data}</x:sheetData>` }, shared)).toBe(
      '| When | Rich |\n| - | - |\n| 2023-03-15 12:00:00 | 12.5% |\n| 2023-03-15 | TRUE |\n| 0.3 | in |',
    );
  });

  test('are divided into the tables that empty rows keep apart, with merged cells', async () => {
    const data = row(1, value('A1', 1) + value('B1', 2)) + row(2, value('A2', 3)) + row(5, value('D5', 4));
    const sheet = `<x:sheetData>${data}</x:sheetData><x:mergeCells><x:mergeCell ref="A2:B2"/></x:mergeCells>`;
    expect(await md({ S: sheet })).toBe('| 1 | 2 |\n| - | - |\n| 3 | 3 |\n\n4');
  });

  test('name their sheets where there are several, and leave hidden ones out', async () => {
    const sheet = (content: number): string => `<x:sheetData>${row(1, value('A1', content))}</x:sheetData>`;
    expect(await md({ One: sheet(1), 'Two!': sheet(2), Three: sheet(3) })).toBe('## One\n\n1\n\n## Three\n\n3');
  });
});

describe('PowerPoint presentations', () => {
  const shape = (type: string, paragraphs: string, place = ''): string =>
    `<p:sp><p:nvSpPr><p:nvPr>${type === '' ? '' : `<p:ph type="${type}"/>`}</p:nvPr></p:nvSpPr><p:spPr>${place}</p:spPr><p:txBody>${paragraphs}</p:txBody></p:sp>`;
  const line = (text: string, properties = ''): string => `<a:p>${properties}<a:r><a:t>${text}</a:t></a:r></a:p>`;
  const presentation = (...slides: string[]): Uint8Array =>
    officePackage('ppt/presentation.xml', {
      'ppt/presentation.xml': part(
        'p:presentation',
        `<p:sldIdLst>${slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="r${index}"/>`).join('')}</p:sldIdLst>`,
      ),
      'ppt/_rels/presentation.xml.rels': relationships(
        slides.map((_, index) => ({ id: `r${index}`, type: 'slide', target: `slides/slide${index}.xml` })),
      ),
      ...Object.fromEntries(
        slides.map((slide, index) => [
          `ppt/slides/slide${index}.xml`,
          part('p:sld', `<p:cSld><p:spTree>${slide}</p:spTree></p:cSld>`),
        ]),
      ),
    });
  const md = async (...slides: string[]): Promise<string> =>
    (await convertToText(presentation(...slides), 'pptx', 'md')).text.trimEnd();

  test('give titles as headings and bodies as nested lists, without page numbers', async () => {
    const body = shape('body', line('a') + line('b', '<a:pPr lvl="1"/>') + line('c'));
    expect(await md(shape('sldNum', line('7')) + body + shape('title', line('T')))).toBe('## T\n\n- a\n  - b\n- c');
  });

  test('are read from top to bottom where their shapes stand beside and below each other', async () => {
    const place = (x: number, y: number): string => `<a:xfrm><a:off x="${x}" y="${y}"/></a:xfrm>`;
    const at = (text: string, x: number, y: number): string => shape('', line(text), place(x, y));
    expect(await md(at('low', 0, 5e6) + at('right', 4e6, 1e5) + at('left', 0, 0))).toBe('left\n\nright\n\nlow');
  });

  test('give their tables with merged cells', async () => {
    const cell = (text: string, attributes = ''): string =>
      `<a:tc ${attributes}><a:txBody>${line(text)}</a:txBody></a:tc>`;
    const table = `<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr>${cell('H', 'gridSpan="2"')}${cell('', 'hMerge="1"')}</a:tr><a:tr>${cell('1')}${cell('2')}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
    expect(await md(table)).toBe('| H | H |\n| - | - |\n| 1 | 2 |');
  });

  test('are read in part where pages are asked for', async () => {
    const { text } = await convertToText(
      presentation(shape('title', line('A')), shape('title', line('B')), shape('title', line('C'))),
      'pptx',
      'md',
      { options: { pages: '2-' } },
    );
    expect(text).toBe('## B\n\n## C\n');
  });
});

describe('EPUB publications', () => {
  const publication = (chapters: Readonly<Record<string, string>>): Uint8Array => {
    const names = Object.keys(chapters);
    const items = names
      .map((name, index) => `<item id="i${index}" href="${name}" media-type="application/xhtml+xml"/>`)
      .join('');
    const entries = {
      mimetype: 'application/epub+zip',
      'META-INF/container.xml':
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="O/p.opf"/></rootfiles></container>',
      'O/p.opf': `<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Book</dc:title></metadata><manifest>${items}<item id="p" href="i.png" media-type="image/png"/></manifest><spine>${names.map((_, index) => `<itemref idref="i${index}"/>`).join('')}</spine></package>`,
      'O/i.png': 'png',
      ...Object.fromEntries(
        names.map((name) => [
          `O/${name}`,
          `<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${chapters[name] ?? ''}</body></html>`,
        ]),
      ),
    };
    return zipSync(Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)])));
  };

  test('are read in the order of their spine, with their pictures', async () => {
    const book = publication({
      'b.xhtml': '<h1>One</h1><a id="x"/><p>a<img src="i.png" alt="dot"/></p>',
      'a.xhtml': '<h1>Two</h1>',
    });
    const { text } = await convertToText(book, 'epub', 'html', { options: { standalone: true } });
    expect(text).toContain('<title>Book</title>');
    expect(text).toContain('<h1>One</h1>\n<p>a<img src="data:image/png;base64,cG5n" alt="dot" /></p>\n<h1>Two</h1>');
  });

  test('are written with a chapter for each section and a table of contents', async () => {
    const { convertToBytes } = await import('../harness/convert.ts');
    const { unzipSync } = await import('fflate');
    const parts = unzipSync(await convertToBytes('# Book\n\nintro\n\n## A\n\na\n\n## B\n\nb & c', 'md', 'epub'));
    expect(Object.keys(parts)).toEqual(
      expect.arrayContaining(['mimetype', 'EPUB/chapter-0001.xhtml', 'EPUB/chapter-0003.xhtml']),
    );
    expect(Buffer.from(parts['EPUB/nav.xhtml'] ?? '').toString()).toContain('<a href="chapter-0003.xhtml">B</a>');
    expect(Buffer.from(parts['EPUB/chapter-0003.xhtml'] ?? '').toString()).toContain('b &amp; c');
  });
});
