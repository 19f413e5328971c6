import type { Block, Code, Heading, List, ListItem, Table } from '../../document/block.ts';
import type { Inline } from '../../document/inline.ts';
import { inlineText } from '../../document/plain-text.ts';
import { numberText } from '../../numbering/number-text.ts';
import type { FontName } from './fonts.ts';
import { drawPicture, picturesIn } from './images.ts';
import type { TextLine } from './lines.ts';
import { linesFor, type Frame, type Rendering } from './rendering.ts';
import { drawTable } from './tables.ts';
import { colors, theme } from './theme.ts';

export async function drawBlocks(blocks: readonly Block[], rendering: Rendering, frame: Frame): Promise<void> {
  for (const block of blocks) await drawBlock(block, rendering, frame);
}

async function drawBlock(block: Block, rendering: Rendering, frame: Frame): Promise<void> {
  switch (block.type) {
    case 'heading':
      return drawHeading(block, rendering, frame);
    case 'paragraph':
      return drawParagraph(block, rendering, frame);
    case 'quote':
      return drawQuote(block.children, rendering, frame);
    case 'list':
      return drawList(block, rendering, frame);
    case 'table':
      return drawCaptioned(block, rendering, frame);
    case 'code':
      return drawCode(block, rendering, frame);
    case 'rule':
      return drawRule(rendering, frame);
    case 'math':
      return drawText([{ type: 'math', tex: block.tex }], rendering, {
        left: frame.left + theme.indent,
        width: frame.width - theme.indent,
      });
  }
}

function drawCaptioned(table: Table, rendering: Rendering, frame: Frame): void {
  if (table.caption.length > 0) drawText(table.caption, rendering, frame, { font: 'italic', size: theme.note });
  drawTable(table, rendering, frame);
}

function drawRule({ canvas }: Rendering, frame: Frame): void {
  canvas.require(theme.body);
  canvas.rule(frame.left, canvas.y + theme.gap / 2, frame.width);
  canvas.y += 2 * theme.gap;
}

async function drawParagraph(
  block: Extract<Block, { type: 'paragraph' }>,
  rendering: Rendering,
  frame: Frame,
): Promise<void> {
  const pictures = picturesIn(block);
  if (pictures.length === 0) return drawText(block.children, rendering, frame);
  for (const picture of pictures) {
    const drawn = await drawPicture(picture, rendering, frame);
    if (!drawn && picture.alt !== '')
      drawText([{ type: 'text', text: picture.alt }], rendering, frame, { font: 'italic', size: theme.body });
  }
}

function drawText(
  children: readonly Inline[],
  rendering: Rendering,
  frame: Frame,
  type: { font: FontName; size: number } = { font: 'regular', size: theme.body },
): void {
  drawLines(linesFor(children, frame.width, rendering, type), rendering, frame.left);
  rendering.canvas.y += theme.gap;
}

function drawLines(lines: readonly TextLine[], { canvas }: Rendering, x: number): void {
  for (const line of lines) {
    canvas.require(line.height);
    canvas.line(line, x, canvas.y);
    canvas.y += line.height;
  }
}

/** A heading stays with the first lines of what follows it. */
function drawHeading({ level, children }: Heading, rendering: Rendering, frame: Frame): void {
  const { canvas, bookmarks } = rendering;
  const size = theme.headings[level - 1] ?? theme.body;
  const lines = linesFor(children, frame.width, rendering, { font: 'bold', size });
  const height = lines.reduce((sum, line) => sum + line.height, 0);
  canvas.y += canvas.y > theme.margin ? theme.gap : 0;
  canvas.require(height + 3 * theme.body * theme.leading);
  bookmarks.push({ level, title: inlineText(children), page: canvas.page, y: canvas.page.getHeight() - canvas.y + 4 });
  drawLines(lines, rendering, frame.left);
  canvas.y += theme.gap * 0.7;
}

async function drawQuote(children: readonly Block[], rendering: Rendering, frame: Frame): Promise<void> {
  const { canvas } = rendering;
  const [page, top] = [canvas.page, canvas.y];
  await drawBlocks(children, rendering, { left: frame.left + theme.indent, width: frame.width - theme.indent });
  // On a page break the bar beside the quote begins again at the top.
  const from = canvas.page === page ? top : theme.margin;
  canvas.box({ x: frame.left + 4, y: from, width: 2, height: Math.max(0, canvas.y - theme.gap - from) }, colors.line);
}

async function drawList(list: List, rendering: Rendering, frame: Frame): Promise<void> {
  for (const [index, item] of list.items.entries()) await drawItem(item, markerOf(list, item, index), rendering, frame);
  rendering.canvas.y += list.tight ? theme.gap * 0.6 : 0;
}

const FORMATS = {
  decimal: 'decimal',
  'lower-alpha': 'lowerLetter',
  'upper-alpha': 'upperLetter',
  'lower-roman': 'lowerRoman',
  'upper-roman': 'upperRoman',
} as const;

function markerOf(list: List, item: ListItem, index: number): string {
  const own = item.label ?? (list.ordered ? `${numberText(list.start + index, FORMATS[list.style])}.` : '•');
  if (item.checked === undefined) return own;
  return item.checked ? '[x]' : '[ ]';
}

async function drawItem(item: ListItem, marker: string, rendering: Rendering, frame: Frame): Promise<void> {
  const { canvas } = rendering;
  const [label] = linesFor([{ type: 'text', text: marker }], Infinity, rendering, {
    font: 'regular',
    size: theme.body,
  });
  const indent = Math.max(theme.indent, (label?.width ?? 0) + 5);
  canvas.require(theme.body * theme.leading);
  if (label) canvas.line(label, frame.left + 2, canvas.y);
  if (item.children.length === 0) canvas.y += theme.body * theme.leading;
  await drawBlocks(item.children, rendering, { left: frame.left + indent, width: frame.width - indent });
  if (item.children.at(-1)?.type === 'paragraph') canvas.y -= theme.gap * 0.6;
}

function drawCode({ text }: Code, rendering: Rendering, frame: Frame): void {
  const { canvas } = rendering;
  const padding = theme.cellPadding;
  for (const source of text.replace(/\n$/, '').split('\n')) {
    // Spaces of a listing are part of it.
    const kept = source.replaceAll('\t', '    ').replaceAll(' ', '\u00a0');
    for (const line of linesFor([{ type: 'code', text: kept }], frame.width - 2 * padding, rendering, {
      font: 'code',
      size: theme.code,
    })) {
      canvas.require(line.height);
      canvas.box({ x: frame.left, y: canvas.y, width: frame.width, height: line.height + 0.5 }, colors.shade);
      canvas.line(line, frame.left + padding, canvas.y);
      canvas.y += line.height;
    }
  }
  canvas.y += theme.gap;
}
