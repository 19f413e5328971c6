import { paragraph, type Block, type NumberStyle } from '../../document/block.ts';
import type { Inline, Mark } from '../../document/inline.ts';
import { ListBuilder, type Entry } from '../../document/list-builder.ts';
import { nestRuns, type Run } from '../../document/runs.ts';
import { mathToTex } from '../../omml/tex.ts';
import { child, childrenNamed, descendants, elements, textOf, type XmlElement } from '../../xml/element.ts';
import type { SlideScope } from './slide-scope.ts';

const STYLES: readonly (readonly [RegExp, NumberStyle])[] = [
  [/^alphaLc/, 'lower-alpha'],
  [/^alphaUc/, 'upper-alpha'],
  [/^romanLc/, 'lower-roman'],
  [/^romanUc/, 'upper-roman'],
];

/** Paragraphs of a shape (DrawingML, ECMA-376 part 1, section 21.1.2). `bulleted` is what the placeholder gives by default. */
export function readTextBody(body: XmlElement | undefined, scope: SlideScope, bulleted: boolean): Block[] {
  const blocks: Block[] = [];
  const counters: number[] = [];
  let lists = new ListBuilder(blocks);
  for (const element of childrenNamed(body, 'a:p')) {
    const children = readParagraph(element, scope);
    if (children.length === 0) continue;
    const properties = child(element, 'a:pPr');
    const bullet = bulletOf(properties, bulleted);
    if (bullet) {
      const level = Number(properties?.attributes['lvl'] ?? 0);
      lists.add({ level, ...bullet, number: count(counters, level, bullet.number), blocks: [paragraph(children)] });
    } else {
      blocks.push(...paragraphBlocks(children));
      lists = new ListBuilder(blocks);
      counters.length = 0;
    }
  }
  return blocks;
}

/** Numbers go on within a level until one above it is reached. */
function count(counters: number[], level: number, start: number): number {
  counters.length = level + 1;
  const number = counters[level] === undefined ? start : counters[level] + 1;
  counters[level] = number;
  return number;
}

type Bullet = Pick<Entry, 'ordered' | 'number' | 'style'>;

function bulletOf(properties: XmlElement | undefined, bulleted: boolean): Bullet | undefined {
  const numbered = child(properties, 'a:buAutoNum');
  if (numbered) {
    const type = numbered.attributes['type'] ?? '';
    const style = STYLES.find(([pattern]) => pattern.test(type))?.[1] ?? 'decimal';
    return { ordered: true, number: Number(numbered.attributes['startAt'] ?? 1), style };
  }
  const marked = child(properties, 'a:buChar') ?? child(properties, 'a:buBlip');
  if (child(properties, 'a:buNone') || !(marked || bulleted)) return undefined;
  return { ordered: false, number: 1, style: 'decimal' };
}

function paragraphBlocks(children: Inline[]): Block[] {
  const [only, second] = children;
  return [only?.type === 'math' && !second ? { type: 'math', tex: only.tex } : paragraph(children)];
}

export function readParagraph(element: XmlElement, scope: SlideScope): Inline[] {
  const runs = elements(element).flatMap((part) => readPart(part, scope));
  const nested = nestRuns(runs);
  const [first] = nested;
  return nested.length === 1 && first?.type === 'text' && first.text.trim() === '' ? [] : nested;
}

function readPart(part: XmlElement, scope: SlideScope): Run[] {
  switch (part.name) {
    case 'a:r':
    case 'a:fld': {
      const properties = child(part, 'a:rPr');
      const content: Inline = { type: 'text', text: textOf(child(part, 'a:t')) };
      return [{ content, marks: marksOf(properties), link: linkOf(properties, scope) }];
    }
    case 'a:br':
      return [{ content: { type: 'break' }, marks: [] }];
    default:
      return descendants(part, 'm:oMath').map((math) => ({
        content: { type: 'math', tex: mathToTex(math) },
        marks: [],
      }));
  }
}

function marksOf(properties: XmlElement | undefined): Mark[] {
  const attributes = properties?.attributes ?? {};
  const raised = Number(attributes['baseline'] ?? 0);
  const marks: readonly (readonly [Mark, boolean])[] = [
    ['strong', isTrue(attributes['b'])],
    ['emphasis', isTrue(attributes['i'])],
    ['underline', (attributes['u'] ?? 'none') !== 'none'],
    ['strike', (attributes['strike'] ?? 'noStrike') !== 'noStrike'],
    ['superscript', raised > 0],
    ['subscript', raised < 0],
  ];
  return marks.filter(([, on]) => on).map(([mark]) => mark);
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

function linkOf(properties: XmlElement | undefined, { source, part }: SlideScope): { url: string } | undefined {
  const id = child(properties, 'a:hlinkClick')?.attributes['r:id'];
  const relationship = id === undefined ? undefined : source.relationship(part, id);
  return relationship?.external ? { url: relationship.target } : undefined;
}
