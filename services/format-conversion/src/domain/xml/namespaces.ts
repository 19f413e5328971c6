/**
 * Short names for the vocabularies that the readers know. Transitional (ECMA-376 part 4) and Strict
 * (ECMA-376 part 1, the purl.oclc.org family) namespaces share a short name, so readers are written once.
 */
const TRANSITIONAL: readonly (readonly [string, string])[] = [
  ['w', 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'],
  ['w', 'http://purl.oclc.org/ooxml/wordprocessingml/main'],
  ['r', 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'],
  ['r', 'http://purl.oclc.org/ooxml/officeDocument/relationships'],
  ['m', 'http://schemas.openxmlformats.org/officeDocument/2006/math'],
  ['m', 'http://purl.oclc.org/ooxml/officeDocument/math'],
  ['wp', 'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'],
  ['wp', 'http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing'],
  ['a', 'http://schemas.openxmlformats.org/drawingml/2006/main'],
  ['a', 'http://purl.oclc.org/ooxml/drawingml/main'],
  ['pic', 'http://schemas.openxmlformats.org/drawingml/2006/picture'],
  ['pic', 'http://purl.oclc.org/ooxml/drawingml/picture'],
  ['c', 'http://schemas.openxmlformats.org/drawingml/2006/chart'],
  ['c', 'http://purl.oclc.org/ooxml/drawingml/chart'],
  ['p', 'http://schemas.openxmlformats.org/presentationml/2006/main'],
  ['p', 'http://purl.oclc.org/ooxml/presentationml/main'],
  ['x', 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'],
  ['x', 'http://purl.oclc.org/ooxml/spreadsheetml/main'],
  ['ct', 'http://schemas.openxmlformats.org/package/2006/content-types'],
  ['pr', 'http://schemas.openxmlformats.org/package/2006/relationships'],
  ['cp', 'http://schemas.openxmlformats.org/package/2006/metadata/core-properties'],
  ['wps', 'http://schemas.microsoft.com/office/word/2010/wordprocessingShape'],
  ['wpg', 'http://schemas.microsoft.com/office/word/2010/wordprocessingGroup'],
  ['wpc', 'http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas'],
  ['w14', 'http://schemas.microsoft.com/office/word/2010/wordml'],
  ['mc', 'http://schemas.openxmlformats.org/markup-compatibility/2006'],
  ['v', 'urn:schemas-microsoft-com:vml'],
  ['o', 'urn:schemas-microsoft-com:office:office'],
  ['dc', 'http://purl.org/dc/elements/1.1/'],
  ['dcterms', 'http://purl.org/dc/terms/'],
  ['opf', 'http://www.idpf.org/2007/opf'],
  ['ocf', 'urn:oasis:names:tc:opendocument:xmlns:container'],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
];

const SHORT_BY_URI = new Map(TRANSITIONAL.map(([short, uri]) => [uri, short]));

/** `w:p` for any prefix that the document binds to WordprocessingML; unknown vocabularies keep only `?:`. */
export function shortName(uri: string, local: string): string {
  return uri === '' ? local : `${SHORT_BY_URI.get(uri) ?? '?'}:${local}`;
}
