import { tooLarge } from '../../conversion-error.ts';
import type { Limits } from '../../limits.ts';
import { child, childrenNamed, descendants, textOf, type XmlElement } from '../../xml/element.ts';
import { parseRange, parseReference, type CellPlace } from './cell-reference.ts';
import { formatNumber, type NumberKind } from './number-format.ts';

export interface SheetCell extends CellPlace {
  text: string;
  rowspan: number;
  colspan: number;
  url?: string | undefined;
}

export interface WorkbookFacts {
  sharedStrings: readonly string[];
  kinds: readonly NumberKind[];
  date1904: boolean;
  limits: Limits;
}

interface Span {
  rowspan: number;
  colspan: number;
}

/** The filled cells of a worksheet (ECMA-376 part 1, section 18.3.1) with their spans. */
export function readSheet(
  root: XmlElement,
  facts: WorkbookFacts,
  urlOf: (id: string) => string | undefined,
): SheetCell[] {
  const merges = mergesOf(root);
  const urls = urlsOf(root, urlOf);
  const cells: SheetCell[] = [];
  let area = 0;
  for (const { element, place } of placedCells(root)) {
    const key = `${place.row}/${place.column}`;
    const [text, span] = [cellText(element, facts), merges.get(key)];
    if (text === '' && !span) continue;
    cells.push({ ...place, text, ...(span ?? { rowspan: 1, colspan: 1 }), url: urls.get(key) });
    area += (span?.rowspan ?? 1) * (span?.colspan ?? 1);
    if (area > facts.limits.cells) throw tooLarge(`The workbook has more than ${facts.limits.cells} cells.`);
  }
  return cells;
}

/** References may be left out; a cell then stands right of the one before it, a row below the one before it. */
function placedCells(root: XmlElement): { element: XmlElement; place: CellPlace }[] {
  return childrenNamed(child(root, 'x:sheetData'), 'x:row').flatMap((row, index) => {
    const number = Number(row.attributes['r'] ?? index + 1) - 1;
    let column = -1;
    return childrenNamed(row, 'x:c').map((element) => {
      const place = parseReference(element.attributes['r'] ?? '') ?? { row: number, column: column + 1 };
      column = place.column;
      return { element, place };
    });
  });
}

type CellType = (value: string, element: XmlElement, facts: WorkbookFacts) => string;

/** What the value of a cell means, by its type (section 18.18.11). */
const CELL_TYPES: Readonly<Record<string, CellType | undefined>> = {
  s: (value, _element, { sharedStrings }) => sharedStrings[Number(value)] ?? '',
  inlineStr: (_value, element) => stringText(child(element, 'x:is')),
  b: (value) => (value === '1' ? 'TRUE' : 'FALSE'),
  str: (value) => value,
  e: (value) => value,
  d: (value) => value,
  n: (value, { attributes }, { kinds, date1904 }) =>
    value === '' ? '' : formatNumber(Number(value), kinds[Number(attributes['s'] ?? 0)] ?? 'number', date1904),
};

function cellText(element: XmlElement, facts: WorkbookFacts): string {
  return CELL_TYPES[element.attributes['t'] ?? 'n']?.(textOf(child(element, 'x:v')), element, facts) ?? '';
}

/** Text of a string item; phonetic runs (section 18.4.6) are readings, not text. */
export function stringText(item: XmlElement | undefined): string {
  const own = childrenNamed(item, 'x:t').map(textOf);
  const runs = childrenNamed(item, 'x:r').flatMap((run) => childrenNamed(run, 'x:t').map(textOf));
  return [...own, ...runs].join('');
}

function mergesOf(root: XmlElement): Map<string, Span> {
  const merges = new Map<string, Span>();
  for (const { attributes } of descendants(child(root, 'x:mergeCells'), 'x:mergeCell')) {
    const range = parseRange(attributes['ref'] ?? '');
    if (!range) continue;
    const { from, to } = range;
    merges.set(`${from.row}/${from.column}`, { rowspan: to.row - from.row + 1, colspan: to.column - from.column + 1 });
  }
  return merges;
}

function urlsOf(root: XmlElement, urlOf: (id: string) => string | undefined): Map<string, string> {
  const urls = new Map<string, string>();
  for (const { attributes } of descendants(child(root, 'x:hyperlinks'), 'x:hyperlink')) {
    const place = parseReference(attributes['ref'] ?? '');
    const url = urlOf(attributes['r:id'] ?? '');
    if (place && url !== undefined) urls.set(`${place.row}/${place.column}`, url);
  }
  return urls;
}
