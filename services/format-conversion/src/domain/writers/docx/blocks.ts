import { BorderStyle, HeadingLevel, Paragraph, TextRun, type FileChild } from 'docx';
import type { Block, Code, Heading } from '../../document/block.ts';
import { xmlSafe } from '../../xml/safe-text.ts';
import { renderInlines, renderMath } from './inlines.ts';
import { continuationStyle, renderList } from './lists.ts';
import type { Rendering } from './rendering.ts';
import { renderTable } from './tables.ts';

const HEADINGS = [
  HeadingLevel.TITLE,
  HeadingLevel.HEADING_1,
  HeadingLevel.HEADING_2,
  HeadingLevel.HEADING_3,
  HeadingLevel.HEADING_4,
  HeadingLevel.HEADING_5,
  HeadingLevel.HEADING_6,
] as const;

/** Where blocks stand: how deep inside lists, and whether inside a quote. */
interface Place {
  depth: number;
  quoted: boolean;
}

export function renderBlocks(
  blocks: readonly Block[],
  rendering: Rendering,
  place: Place = { depth: 0, quoted: false },
): FileChild[] {
  return blocks.flatMap((block) => renderBlock(block, rendering, place));
}

function renderBlock(block: Block, rendering: Rendering, place: Place): FileChild[] {
  switch (block.type) {
    case 'heading':
      return [renderHeading(block, rendering)];
    case 'paragraph':
      return [new Paragraph({ ...styleOf(place), children: renderInlines(block.children, rendering) })];
    case 'quote':
      return renderBlocks(block.children, rendering, { ...place, quoted: true });
    case 'list':
      return renderList(block, rendering, place.depth, (inner, depth) =>
        renderBlocks(inner, rendering, { ...place, depth }),
      );
    case 'table':
      return renderTable(block, rendering, (inner) => renderBlocks(inner, rendering));
    case 'code':
      return renderCode(block, rendering);
    case 'rule':
      return [new Paragraph({ border: { bottom: { style: BorderStyle.SINGLE, size: 6, space: 1, color: '999999' } } })];
    case 'math':
      return [new Paragraph({ ...styleOf(place), children: [renderMath(block.tex, rendering)] })];
    case 'raw-html':
      return [];
  }
}

function renderHeading(block: Heading, rendering: Rendering): Paragraph {
  const heading = HEADINGS[block.level - rendering.headingShift] ?? HeadingLevel.HEADING_6;
  return new Paragraph({ heading, children: renderInlines(block.children, rendering) });
}

function styleOf({ depth, quoted }: Place): { style?: string } {
  if (depth > 0) return { style: continuationStyle(depth) };
  return quoted ? { style: 'Quote' } : {};
}

/** One paragraph a line, which is how Word's users write listings; the style keeps them together. */
function renderCode({ text, language }: Code, { context }: Rendering): FileChild[] {
  if (language !== '')
    context.warnings.add('CODE_LANGUAGE_DROPPED', 'Word has no place for the language of a listing.');
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => new Paragraph({ style: 'SourceCode', children: [new TextRun({ text: xmlSafe(line) })] }));
}
