import { child, type XmlElement } from '../../xml/element.ts';
import { inherited, type Style } from './styles.ts';

/** What a paragraph is, by its style. */
export type Role =
  | { kind: 'heading'; level: number }
  | { kind: 'code' }
  | { kind: 'quote' }
  /** Belongs to the list item before it; level 0 is the outermost list. */
  | { kind: 'continuation'; level: number }
  | { kind: 'body' };

const CODE = /^(source code|code|code block|html preformatted|preformatted text|plain code|verbatim)$/;
const QUOTE = /^(quote|intense quote|block text|block quote|quotations|quotation)$/;
const BODY_LEVEL = 9;

/**
 * The role by style name (built-in names are the same in every language) or outline level. The title has
 * level 1 and `heading 1` follows with level 2: the outline of a page with one title and sections below it.
 */
export function paragraphRole(properties: XmlElement | undefined, chain: readonly Style[], headingShift: number): Role {
  for (const { name } of chain) {
    const role = namedRole(name, headingShift);
    if (role) return role;
  }
  const outline = inherited([properties, ...chain.map((style) => style.paragraph)], 'w:outlineLvl')?.attributes[
    'w:val'
  ];
  const level = outline === undefined ? BODY_LEVEL : Number(outline);
  if (level >= 0 && level < BODY_LEVEL) return { kind: 'heading', level: Math.min(level + 1 + headingShift, 6) };
  return { kind: 'body' };
}

function namedRole(name: string, headingShift: number): Role | undefined {
  const level = headingLevel(name, headingShift);
  if (level !== undefined) return { kind: 'heading', level };
  if (CODE.test(name)) return { kind: 'code' };
  if (QUOTE.test(name)) return { kind: 'quote' };
  const continued = /^list continue(?: ([2-5]))?$/.exec(name);
  return continued ? { kind: 'continuation', level: Number(continued[1] ?? 1) - 1 } : undefined;
}

function headingLevel(name: string, shift: number): number | undefined {
  if (name === 'title') return 1;
  const found = /^heading ([1-9])$/.exec(name)?.[1];
  return found === undefined ? undefined : Math.min(Number(found) + shift, 6);
}

/** Numbering properties of the paragraph or of its style; numbering 0 takes numbering away. */
export function numberingOf(
  properties: XmlElement | undefined,
  chain: readonly Style[],
): { id: string; level: number | undefined; styles: string[] } | undefined {
  const sources = [properties, ...chain.map((style) => style.paragraph)];
  const ids = sources.map((source) => child(source, 'w:numPr', 'w:numId')?.attributes['w:val']);
  const levels = sources.map((source) => child(source, 'w:numPr', 'w:ilvl')?.attributes['w:val']);
  const id = ids.find((value) => value !== undefined);
  const level = levels.find((value) => value !== undefined);
  if (id === undefined || id === '0') return undefined;
  return { id, level: level === undefined ? undefined : Number(level), styles: chain.map((style) => style.id) };
}
