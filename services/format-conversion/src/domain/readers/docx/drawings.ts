import { readChart } from '../../opc/chart.ts';
import type { ImageSource } from '../../document/inline.ts';
import { imageMediaType } from '../../opc/media-type.ts';
import { child, descendants, elements, type XmlElement } from '../../xml/element.ts';
import { chosenAlternative } from './alternatives.ts';
import { emit, type InlineScope } from './inline-scope.ts';

type Handler = (element: XmlElement, scope: DrawingScope) => void;

interface DrawingScope extends InlineScope {
  /** Alternative text of the drawing that surrounds the pictures. */
  alt: string;
}

/** What a drawing may hold (ECMA-376 part 1, section 20; VML: part 4, section 19; shapes: MS-ODRAWXML). */
const HANDLERS: Readonly<Record<string, Handler | undefined>> = {
  'w:txbxContent': (element, { story, pieces }) => {
    for (const block of story.readBody(element, story)) pieces.block(block);
  },
  'pic:pic': (element, scope) => {
    const [blip] = descendants(element, 'a:blip');
    const properties = descendants(element, 'pic:cNvPr')[0];
    if (blip)
      addImage(blip.attributes['r:embed'], blip.attributes['r:link'], {
        ...scope,
        alt: altOf(properties) || scope.alt,
      });
  },
  'v:imagedata': (element, scope) =>
    addImage(element.attributes['r:id'] ?? element.attributes['o:relid'], undefined, scope),
  'c:chart': addChart,
  'mc:AlternateContent': (element, scope) => visit(chosenAlternative(element), scope),
};

export function readDrawing(drawing: XmlElement, scope: InlineScope): void {
  const [properties] = descendants(drawing, 'wp:docPr');
  const [shape] = descendants(drawing, 'v:shape');
  const before = scope.pieces.list().length;
  const runs = countRuns(scope);
  visit(drawing, { ...scope, alt: altOf(properties) || (shape?.attributes['alt'] ?? '') });
  if (scope.pieces.list().length === before && countRuns(scope) === runs) {
    scope.story.context.warnings.add(
      'DRAWING_DROPPED',
      'A drawing without text or picture (a line, an arrow, a shape) was left out.',
    );
  }
}

function countRuns({ pieces }: InlineScope): number {
  return pieces.list().reduce((sum, piece) => sum + (piece.kind === 'runs' ? piece.runs.length : 0), 0);
}

function visit(parent: XmlElement | undefined, scope: DrawingScope): void {
  for (const element of elements(parent)) {
    const handle = HANDLERS[element.name];
    if (handle) handle(element, scope);
    else visit(element, scope);
  }
}

function altOf(properties: XmlElement | undefined): string {
  return (properties?.attributes['descr'] ?? properties?.attributes['title'] ?? '').replace(/\s+/g, ' ').trim();
}

function addImage(embedded: string | undefined, linked: string | undefined, scope: DrawingScope): void {
  emit({ type: 'image', source: imageSource(embedded ?? linked, scope), alt: scope.alt }, scope);
}

function imageSource(id: string | undefined, { story }: InlineScope): ImageSource {
  const relationship = id === undefined ? undefined : story.source.relationship(story.part, id);
  if (!relationship) return { kind: 'unavailable', reason: 'the picture has no source' };
  if (relationship.external) {
    const reachable = /^https?:/i.test(relationship.target);
    return reachable
      ? { kind: 'url', url: relationship.target }
      : { kind: 'unavailable', reason: 'the picture is not in the document' };
  }
  const { target } = relationship;
  const data = story.document.assets[target]?.data ?? story.source.bytes(target);
  if (!data) return { kind: 'unavailable', reason: 'the picture is missing from the package' };
  story.document.assets[target] = { mediaType: imageMediaType(target), data };
  return { kind: 'asset', assetId: target };
}

function addChart(element: XmlElement, { story, pieces }: DrawingScope): void {
  const relationship = story.source.relationship(story.part, element.attributes['r:id'] ?? '');
  if (!relationship || relationship.external || !story.source.has(relationship.target)) return;
  for (const block of readChart(child(story.source.xml(relationship.target), 'c:chart'))) pieces.block(block);
  story.context.warnings.add('CHART_AS_TABLE', 'A chart became the table of its values.');
}
