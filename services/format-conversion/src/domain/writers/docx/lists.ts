import { AlignmentType, LevelFormat, Paragraph, type FileChild, type ILevelsOptions } from 'docx';
import type { Block, List, ListItem, NumberStyle } from '../../document/block.ts';
import { renderCheckbox, renderInlines } from './inlines.ts';
import type { Rendering } from './rendering.ts';

const FORMATS = {
  decimal: LevelFormat.DECIMAL,
  'lower-alpha': LevelFormat.LOWER_LETTER,
  'upper-alpha': LevelFormat.UPPER_LETTER,
  'lower-roman': LevelFormat.LOWER_ROMAN,
  'upper-roman': LevelFormat.UPPER_ROMAN,
} as const satisfies Record<NumberStyle, string>;

const BULLETS = ['•', '◦', '▪'];
/** A quarter of an inch, in twentieths of a point. */
const STEP = 360;
/** Word's numberings have nine levels. */
const MAX_LEVEL = 8;

type RenderBlocks = (blocks: readonly Block[], depth: number) => FileChild[];

export function renderList(list: List, rendering: Rendering, depth: number, renderBlocks: RenderBlocks): FileChild[] {
  const level = Math.min(depth, MAX_LEVEL);
  const labelled = list.items.some((item) => item.label !== undefined);
  const reference = `list-${rendering.numbering.length + 1}`;
  const levels = Array.from({ length: MAX_LEVEL + 1 }, (_, index) => levelOf(list, index, labelled));
  rendering.numbering.push({ reference, levels });
  return list.items.flatMap((item) => renderItem(item, { reference, level }, rendering, renderBlocks));
}

function levelOf({ ordered, style, start }: List, level: number, labelled: boolean): ILevelsOptions {
  const bullet = labelled ? '' : (BULLETS[level % BULLETS.length] ?? '•');
  return {
    level,
    format: ordered && !labelled ? FORMATS[style] : LevelFormat.BULLET,
    text: ordered && !labelled ? `%${level + 1}.` : bullet,
    start,
    alignment: AlignmentType.START,
    style: { paragraph: { indent: { left: STEP * (level + 2), hanging: STEP } } },
  };
}

/** The first paragraph carries number or bullet; what follows it in the item is set in under it. */
function renderItem(
  item: ListItem,
  numbering: { reference: string; level: number },
  rendering: Rendering,
  renderBlocks: RenderBlocks,
): FileChild[] {
  const [first, ...rest] = item.children;
  const lead = first?.type === 'paragraph' ? first : undefined;
  const box = item.checked === undefined ? [] : renderCheckbox(item.checked);
  const label = item.label === undefined ? [] : renderInlines([{ type: 'text', text: `${item.label} ` }], rendering);
  const head = new Paragraph({
    numbering,
    children: [...box, ...label, ...renderInlines(lead?.children ?? [], rendering)],
  });
  return [head, ...renderBlocks(lead ? rest : item.children, numbering.level + 1)];
}

/** Style of paragraphs that belong to an item without being its first: Word's own `List Continue`. */
export function continuationStyle(depth: number): string {
  return depth <= 1 ? 'ListContinue' : `ListContinue${Math.min(depth, 5)}`;
}
