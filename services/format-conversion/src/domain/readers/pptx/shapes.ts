import { paragraph, type Block, type Cell } from '../../document/block.ts';
import type { Image, ImageSource } from '../../document/inline.ts';
import { readChart } from '../../opc/chart.ts';
import { imageMediaType } from '../../opc/media-type.ts';
import { child, childrenNamed, descendants, elements, textOf, type XmlElement } from '../../xml/element.ts';
import type { SlideScope } from './slide-scope.ts';
import { readParagraph, readTextBody } from './text-body.ts';

/** What a shape contributes, with where it stands on the slide. */
export interface PlacedShape {
  title: 'main' | 'plain' | undefined;
  /** Undefined where the slide's layout places it. */
  top: number | undefined;
  left: number | undefined;
  blocks: Block[];
}

/** The shapes of a slide's tree (PresentationML, ECMA-376 part 1, section 19.3.1) in drawing order. */
export function readShapes(tree: XmlElement | undefined, scope: SlideScope): PlacedShape[] {
  return elements(tree).flatMap((element): PlacedShape[] => {
    switch (element.name) {
      case 'p:sp':
        return [readShape(element, scope)];
      case 'p:pic':
        return [{ title: undefined, ...placeOf(element), blocks: [paragraph([readPicture(element, scope)])] }];
      case 'p:graphicFrame':
        return [{ title: undefined, ...placeOf(element), blocks: readFrame(element, scope) }];
      case 'p:grpSp':
        return readShapes(element, scope);
      case 'mc:AlternateContent':
        return readShapes(child(element, 'mc:Choice') ?? child(element, 'mc:Fallback'), scope);
      default:
        return [];
    }
  });
}

/** Placeholders that repeat on every slide. */
const FURNITURE = /^(dt|ftr|sldNum|hdr)$/;
/** Placeholders whose text is a list unless it says otherwise. */
const BULLETED = /^(body|obj|)$/;

function readShape(element: XmlElement, scope: SlideScope): PlacedShape {
  const placeholder = child(element, 'p:nvSpPr', 'p:nvPr', 'p:ph');
  const type = placeholder?.attributes['type'] ?? '';
  const place = placeOf(element);
  const body = child(element, 'p:txBody');
  if (FURNITURE.test(type)) return { title: undefined, ...place, blocks: [] };
  if (type === 'title') return { title: 'plain', ...place, blocks: readTitle(body, scope, 2) };
  if (type === 'ctrTitle')
    return { title: 'main', ...place, blocks: readTitle(body, scope, scope.number === 1 ? 1 : 2) };
  const several = childrenNamed(body, 'a:p').filter((line) => textOf(line).trim() !== '').length > 1;
  const bulleted = placeholder !== undefined && BULLETED.test(type) && several;
  return { title: undefined, ...place, blocks: readTextBody(body, scope, bulleted) };
}

function readTitle(body: XmlElement | undefined, scope: SlideScope, level: number): Block[] {
  const lines = childrenNamed(body, 'a:p').map((line) => readParagraph(line, scope));
  const children = lines.flatMap((line, index) => [...(index > 0 ? [{ type: 'break' as const }] : []), ...line]);
  return children.length > 0 ? [{ type: 'heading', level, children }] : [];
}

function placeOf(element: XmlElement): { top: number | undefined; left: number | undefined } {
  const offset = child(child(element, 'p:spPr', 'a:xfrm') ?? child(element, 'p:xfrm'), 'a:off');
  const number = (name: string): number | undefined => (offset ? Number(offset.attributes[name] ?? 0) : undefined);
  return { top: number('y'), left: number('x') };
}

function readPicture(element: XmlElement, { source, part, document }: SlideScope): Image {
  const properties = child(element, 'p:nvPicPr', 'p:cNvPr')?.attributes ?? {};
  const [blip] = descendants(element, 'a:blip');
  const relationship = source.relationship(part, blip?.attributes['r:embed'] ?? '');
  const data = relationship && !relationship.external ? source.bytes(relationship.target) : undefined;
  let image: ImageSource = { kind: 'unavailable', reason: 'the picture is not in the presentation' };
  if (relationship && data) {
    document.assets[relationship.target] = { mediaType: imageMediaType(relationship.target), data };
    image = { kind: 'asset', assetId: relationship.target };
  }
  return { type: 'image', source: image, alt: (properties['descr'] ?? '').replace(/\s+/g, ' ').trim() };
}

function readFrame(element: XmlElement, scope: SlideScope): Block[] {
  const [table] = descendants(element, 'a:tbl');
  if (table) return [readTable(table, scope)];
  const [chart] = descendants(element, 'c:chart');
  const relationship = chart && scope.source.relationship(scope.part, chart.attributes['r:id'] ?? '');
  if (relationship && scope.source.has(relationship.target)) {
    scope.context.warnings.add('CHART_AS_TABLE', 'A chart became the table of its values.');
    return readChart(child(scope.source.xml(relationship.target), 'c:chart'));
  }
  const diagram = scope.source.relationships(scope.part).find(({ type }) => type === 'diagramData');
  if (!diagram || !scope.source.has(diagram.target)) return [];
  scope.context.warnings.add('DIAGRAM_AS_TEXT', 'A diagram became the list of its texts.', `slide ${scope.number}`);
  return descendants(scope.source.xml(diagram.target), 'a:p')
    .map((line) => readParagraph(line, scope))
    .filter((line) => line.length > 0)
    .map(paragraph);
}

function readTable(table: XmlElement, scope: SlideScope): Block {
  const rows = childrenNamed(table, 'a:tr').map((row) => ({
    cells: childrenNamed(row, 'a:tc')
      .filter(isOwn)
      .map((cell) => readCell(cell, scope)),
  }));
  const first = child(table, 'a:tblPr')?.attributes['firstRow'];
  const headerRows = first === undefined || /^(1|true)$/.test(first) ? 1 : 0;
  rows.slice(0, headerRows).forEach((row) => row.cells.forEach((cell) => Object.assign(cell, { header: true })));
  return { type: 'table', caption: [], rows, headerRows, alignments: [] };
}

/** Places that a merged cell covers are listed too. */
function isOwn({ attributes }: XmlElement): boolean {
  return !/^(1|true)$/.test(attributes['hMerge'] ?? '') && !/^(1|true)$/.test(attributes['vMerge'] ?? '');
}

function readCell(element: XmlElement, scope: SlideScope): Cell {
  const span = (name: string): number => Math.min(Math.max(Number(element.attributes[name] ?? 1), 1), 1_000);
  return {
    children: readTextBody(child(element, 'a:txBody'), scope, false),
    colspan: span('gridSpan'),
    rowspan: span('rowSpan'),
    header: false,
  };
}
