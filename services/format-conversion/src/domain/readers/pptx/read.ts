import type { Context } from '../../context.ts';
import { malformed, tooLarge } from '../../conversion-error.ts';
import type { Block } from '../../document/block.ts';
import { emptyDocument, type Document } from '../../document/document.ts';
import { blockText } from '../../document/plain-text.ts';
import { readCoreProperties } from '../../opc/core-properties.ts';
import { OpcPackage } from '../../opc/package.ts';
import { child, childrenNamed, descendants } from '../../xml/element.ts';
import { pageRange } from '../page-range.ts';
import { readShapes, type PlacedShape } from './shapes.ts';
import type { SlideScope } from './slide-scope.ts';
import { readTextBody } from './text-body.ts';

/** Reads a PowerPoint presentation: slide after slide, each by its title, then from top to bottom. */
export function readPptx(input: Uint8Array, context: Context): Document {
  const source = new OpcPackage(input, context.limits);
  const part = source.mainPart();
  const root = source.xml(part);
  if (root.name !== 'p:presentation') throw malformed('The package is not a PowerPoint presentation.');
  const document: Document = { ...emptyDocument(), metadata: readCoreProperties(source) };
  const slides = childrenNamed(child(root, 'p:sldIdLst'), 'p:sldId').map(
    ({ attributes }) => source.relationship(part, attributes['r:id'] ?? '')?.target,
  );
  if (slides.length > context.limits.pages)
    throw tooLarge(`The presentation has more than ${context.limits.pages} slides.`);
  for (const number of pageRange(context.options.pages, slides.length)) {
    const slide = slides[number - 1];
    if (slide === undefined) continue;
    const blocks = readSlide({ source, part: slide, context, document, number });
    document.blocks.push(...blocks.map((block) => ({ ...block, origin: { page: number } })));
  }
  return document;
}

function readSlide(scope: SlideScope): Block[] {
  const { source, part, context, number } = scope;
  const root = source.xml(part);
  if (/^(0|false)$/.test(root.attributes['show'] ?? '1')) {
    context.warnings.add('HIDDEN_SLIDES_DROPPED', 'Hidden slides were left out.', `slide ${number}`);
    return [];
  }
  const shapes = readShapes(child(root, 'p:cSld', 'p:spTree'), scope);
  return [...inReadingOrder(shapes).flatMap(({ blocks }) => blocks), ...readNotes(scope)];
}

/** A third of an inch: shapes whose tops differ by less stand beside each other. */
const ROW_EMU = 304_800;

/** The title first; the rest from top to bottom where the slide places all of it, else as it was drawn. */
function inReadingOrder(shapes: readonly PlacedShape[]): PlacedShape[] {
  const titles = shapes.filter(({ title }) => title !== undefined);
  const others = shapes.filter(({ title, blocks }) => title === undefined && blocks.length > 0);
  if (others.some(({ top }) => top === undefined)) return [...titles, ...others];
  const row = ({ top = 0 }: PlacedShape): number => Math.round(top / ROW_EMU);
  return [...titles, ...others.sort((a, b) => row(a) - row(b) || (a.left ?? 0) - (b.left ?? 0))];
}

/** What the speaker noted, as a quote under the slide. */
function readNotes(scope: SlideScope): Block[] {
  const notes = scope.source.related(scope.part, 'notesSlide');
  if (!notes || !scope.source.has(notes.target)) return [];
  const shapes = descendants(scope.source.xml(notes.target), 'p:sp');
  const body = shapes.find((shape) => child(shape, 'p:nvSpPr', 'p:nvPr', 'p:ph')?.attributes['type'] === 'body');
  const children = readTextBody(child(body, 'p:txBody'), { ...scope, part: notes.target }, false);
  return blockText(children).trim() === '' ? [] : [{ type: 'quote', children }];
}
