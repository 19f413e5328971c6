import { zipSync, type Zippable } from 'fflate';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

/** Vocabularies that the bodies of tests use. */
const NAMESPACES = [
  `xmlns:w="${W}"`,
  `xmlns:r="${OFFICE}"`,
  'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"',
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
  'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"',
  'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
  'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
  'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
  'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"',
  'xmlns:v="urn:schemas-microsoft-com:vml"',
].join(' ');

export interface Related {
  id: string;
  type: string;
  target: string;
  external?: boolean;
}

export function relationships(list: readonly Related[]): string {
  const items = list.map(
    ({ id, type, target, external }) =>
      `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${external ? ' TargetMode="External"' : ''}/>`,
  );
  return `${XML}<Relationships xmlns="${RELATIONSHIPS}">${items.join('')}</Relationships>`;
}

/** A package of parts; texts are XML, bytes stay as they are. */
export function officePackage(main: string, parts: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const entries: Zippable = {
    '[Content_Types].xml': Buffer.from(
      `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    ),
    '_rels/.rels': Buffer.from(relationships([{ id: 'rId1', type: 'officeDocument', target: main }])),
  };
  for (const [name, content] of Object.entries(parts))
    entries[name] = typeof content === 'string' ? Buffer.from(content) : content;
  return zipSync(entries);
}

/** Puts namespaces on the root element of a part. */
export function part(root: string, content: string): string {
  return `${XML}<${root} ${NAMESPACES}>${content}</${root}>`;
}

export interface WordParts {
  styles?: string;
  numbering?: string;
  footnotes?: string;
  related?: readonly Related[];
  files?: Readonly<Record<string, string | Uint8Array>>;
}

/** A Word document with the given body. */
export function wordDocument(
  body: string,
  { styles, numbering, footnotes, related = [], files = {} }: WordParts = {},
): Uint8Array {
  const named = { styles, numbering, footnotes };
  const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return officePackage('word/document.xml', {
    'word/document.xml': part('w:document', `<w:body>${body}</w:body>`),
    'word/_rels/document.xml.rels': relationships([
      ...given.map(([name]) => ({ id: `rId-${name}`, type: name, target: `${name}.xml` })),
      ...related,
    ]),
    ...Object.fromEntries(given.map(([name, content]) => [`word/${name}.xml`, part(`w:${name}`, content)])),
    ...files,
  });
}

/** A paragraph of one run. */
export function paragraphXml(
  text: string,
  { style = '', properties = '', run = '' }: { style?: string; properties?: string; run?: string } = {},
): string {
  const styled = style === '' ? '' : `<w:pStyle w:val="${style}"/>`;
  return `<w:p><w:pPr>${styled}${properties}</w:pPr><w:r><w:rPr>${run}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

export function styleXml(id: string, name: string, inner = ''): string {
  return `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${inner}</w:style>`;
}
