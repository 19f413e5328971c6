import type { Line } from '../layout/line.ts';
import type { FlowElement } from '../layout/page-flow.ts';
import { isWholly, type BodyStyle } from './body-style.ts';
import { markerOf, type Marker } from './list-marker.ts';

/** Lines that belong together: a paragraph, a heading, an item, a listing. */
export interface Group {
  kind: 'group';
  lines: Line[];
  /** The bullet or number of a list item. */
  marker: Marker | undefined;
  bold: boolean;
  italic: boolean;
  monospaced: boolean;
  size: number;
  page: number;
}

export type GroupedElement = Group | (Exclude<FlowElement, Line> & { page: number });

/** Sizes that differ by less than this part are the same. */
const SAME_SIZE = 0.07;

/** Gathers the lines of a column. Tables and pictures end what stands before them. */
export function groupLines(region: readonly FlowElement[], body: BodyStyle, page: number): GroupedElement[] {
  const grouped: GroupedElement[] = [];
  const lines = region.filter((element) => element.kind === 'line');
  const edge = {
    left: Math.min(...lines.map((line) => line.left)),
    right: Math.max(...lines.map((line) => line.right)),
  };
  for (const element of region) {
    if (element.kind !== 'line') {
      grouped.push({ ...element, page });
      continue;
    }
    const last = grouped.at(-1);
    if (last?.kind === 'group' && continues(last, element, edge, body)) last.lines.push(element);
    else grouped.push(groupOf(element, page));
  }
  return grouped;
}

function groupOf(line: Line, page: number): Group {
  return {
    kind: 'group',
    lines: [line],
    marker: markerOf(line.text),
    bold: isWholly(line, 'bold'),
    italic: isWholly(line, 'italic'),
    monospaced: isWholly(line, 'monospaced'),
    size: line.size,
    page,
  };
}

interface Edge {
  left: number;
  right: number;
}

function continues(group: Group, line: Line, edge: Edge, body: BodyStyle): boolean {
  const last = group.lines.at(-1) as Line;
  if (!isClose(last, line, body) || !sameFace(group, line)) return false;
  if (group.monospaced) return true;
  if (changesSetting(group, line) && isEnd(last, line, edge)) return false;
  const item = group.marker ?? markerOf(line.text);
  if (item) return continuesItem(group, last, line);
  return isDisplay(group, body) ? !isIndented(line, group) : !beginsParagraph(group, last, line, edge);
}

/** Set to stand out; its lines break where they look well, not where they are full. */
function isDisplay({ size, bold }: Group, body: BodyStyle): boolean {
  return size > body.size * 1.1 || (bold && !body.bold);
}

function sameFace(group: Group, line: Line): boolean {
  return (
    Math.abs(line.size - group.size) <= SAME_SIZE * group.size && isWholly(line, 'monospaced') === group.monospaced
  );
}

/** The next line, at no more than the usual distance. */
function isClose(last: Line, line: Line, body: BodyStyle): boolean {
  const step = line.baseline - last.baseline;
  return step > 0 && step <= Math.max(1.35 * body.leading, 1.5) * Math.max(line.size, last.size);
}

function isEnd(last: Line, line: Line, edge: Edge): boolean {
  return endsEarly(last, line, edge) || endsSentence(last.text);
}

function changesSetting(group: Group, line: Line): boolean {
  return isWholly(line, 'bold') !== group.bold || isWholly(line, 'italic') !== group.italic;
}

/** Further lines of an item hang under its text, or at least do not begin another one. */
function continuesItem({ marker, lines }: Group, last: Line, line: Line): boolean {
  const hang = line.left - (lines[0] as Line).left;
  if (markerOf(line.text)) return marker !== undefined && hang > line.size * 4;
  return hang > 0.3 * line.size || !endsSentence(last.text);
}

/** An indent after an ended sentence, or a break that the width of the column did not force. */
function beginsParagraph(group: Group, last: Line, line: Line, edge: Edge): boolean {
  const [early, sentence] = [endsEarly(last, line, edge), endsSentence(last.text)];
  return (early && sentence) || (isIndented(line, group) && (early || sentence));
}

function isIndented(line: Line, group: Group): boolean {
  const reference =
    group.lines.length > 1 ? Math.min(...group.lines.map(({ left }) => left)) : (group.lines[0] as Line).left;
  return line.left - reference > 0.8 * line.size;
}

/** The next line's first word would have fitted at the end of this one. */
function endsEarly(last: Line, { segments: [first] }: Line, edge: Edge): boolean {
  if (!first) return false;
  const [word = ''] = /^\S*/.exec(first.text) ?? [];
  const wide = ((first.right - first.left) * word.length) / Math.max(first.text.length, 1);
  return last.right + wide + 0.6 * last.size < edge.right;
}

function endsSentence(text: string): boolean {
  return /[.!?:;。！？…]["'”’»)\]]*(\d{1,2})?$/.test(text.trim());
}
