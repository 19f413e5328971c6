import { paragraph, type Block } from '../../document/block.ts';
import type { Inline } from '../../document/inline.ts';
import { inlineText } from '../../document/plain-text.ts';
import { nestRuns, type Run } from '../../document/runs.ts';
import { child, type XmlElement } from '../../xml/element.ts';
import { readInlines } from './inlines.ts';
import type { Item } from './items.ts';
import { listPosition, type ListPosition } from './list-position.ts';
import { Pieces } from './pieces.ts';
import { takeCheckbox } from './checkboxes.ts';
import type { Story } from './story.ts';
import { paragraphRole, type Role } from './paragraph-role.ts';

interface Reading {
  role: Role;
  position: ListPosition | undefined;
  /** Whether every letter is set in a typewriter face. */
  monospaced: boolean;
}

/** One paragraph (ECMA-376 part 1, section 17.3.1) and what is anchored in it. */
export function readParagraph(element: XmlElement, story: Story): Item[] {
  const properties = child(element, 'w:pPr');
  const chain = story.styles.chain(child(properties, 'w:pStyle')?.attributes['w:val']);
  const pieces = new Pieces();
  readInlines(element, { story, pieces, paragraphStyle: chain });
  const role = paragraphRole(properties, chain, story.headingShift);
  const hasText = pieces.list().some((piece) => piece.kind === 'runs' && piece.runs.some(isVisible));
  // An empty paragraph takes no number.
  const position = hasText ? listPosition(properties, chain, story) : undefined;
  const reading: Reading = { role, position, monospaced: pieces.monospaced === true };
  const items = pieces
    .list()
    .flatMap((piece): Item[] =>
      piece.kind === 'block' ? [{ kind: 'block', block: piece.block }] : readRuns(piece.runs, reading),
    );
  return items.length > 0 ? items : emptyParagraph(properties, role);
}

/** An empty line of code is code; an empty paragraph with a line under it is a rule. */
function emptyParagraph(properties: XmlElement | undefined, role: Role): Item[] {
  if (role.kind === 'code') return [{ kind: 'code', text: '' }];
  return child(properties, 'w:pBdr', 'w:bottom') ? [{ kind: 'block', block: { type: 'rule' } }] : [];
}

function isVisible({ content }: Run): boolean {
  return content.type !== 'text' || content.text.trim() !== '';
}

function readRuns(runs: readonly Run[], reading: Reading): Item[] {
  const { role, monospaced } = reading;
  const code = role.kind === 'code' || (monospaced && role.kind === 'body' && looksLikeCode(plainText(runs)));
  if (code)
    return plainText(runs)
      .split('\n')
      .map((text) => ({ kind: 'code', text }));
  const children = trimEdges(nestRuns(runs));
  if (children.length === 0) return [];
  if (role.kind === 'heading') return [{ kind: 'block', block: headingOf(children, role.level, reading.position) }];
  const formulas = onlyFormulas(children);
  if (formulas && !reading.position) return formulas.map((block) => ({ kind: 'block', block }));
  return [bodyItem(children, reading)];
}

function bodyItem(children: Inline[], { role, position }: Reading): Item {
  const { checked, rest } = takeCheckbox(children);
  const block = paragraph(rest);
  if (position) return { kind: 'entry', entry: { ...position, checked, blocks: [block] } };
  if (checked !== undefined) {
    return {
      kind: 'entry',
      entry: { level: 0, ordered: false, style: 'decimal', number: 1, checked, blocks: [block] },
    };
  }
  if (role.kind === 'continuation') return { kind: 'continuation', level: role.level, block };
  return role.kind === 'quote' ? { kind: 'quote', block } : { kind: 'block', block };
}

/** A numbered heading carries its number as text, because no target numbers headings by itself. */
function headingOf(children: Inline[], level: number, position: ListPosition | undefined): Block {
  // Headings are bold by nature; a mark over the whole of one says nothing more.
  const [only, second] = children;
  const inner = only?.type === 'mark' && only.mark === 'strong' && !second ? only.children : children;
  const label = position?.fullLabel ?? '';
  return { type: 'heading', level, children: label === '' ? inner : [{ type: 'text', text: `${label} ` }, ...inner] };
}

function onlyFormulas(children: readonly Inline[]): Block[] | undefined {
  const visible = children.filter((inline) => inline.type !== 'text' || inline.text.trim() !== '');
  if (visible.length === 0 || !visible.every((inline) => inline.type === 'math')) return undefined;
  return visible.map((inline) => ({ type: 'math', tex: inline.tex }));
}

/** Prose set in a typewriter face is still prose; code has brackets, assignments or indentation. */
function looksLikeCode(text: string): boolean {
  return /[{}[\]<>;=|\\]|\w\(|^\s{2,}\S|^\s*(#|\/\/|\$ )/m.test(text);
}

function plainText(runs: readonly Run[]): string {
  return inlineText(runs.map((run) => run.content));
}

function trimEdges(children: Inline[]): Inline[] {
  const trimmed = [...children];
  const [first] = trimmed;
  if (first?.type === 'text') trimmed[0] = { type: 'text', text: first.text.trimStart() };
  const last = trimmed.at(-1);
  if (last?.type === 'text') trimmed[trimmed.length - 1] = { type: 'text', text: last.text.trimEnd() };
  while (isEmpty(trimmed[0])) trimmed.shift();
  while (isEmpty(trimmed.at(-1))) trimmed.pop();
  return trimmed;
}

function isEmpty(inline: Inline | undefined): boolean {
  return inline !== undefined && (inline.type === 'break' || (inline.type === 'text' && inline.text.trim() === ''));
}
