import type { Block } from '../../document/block.ts';
import { inlineText } from '../../document/plain-text.ts';

export interface Chapter {
  title: string;
  blocks: Block[];
}

/**
 * Divides a document where its uppermost headings stand; what comes before the first is a chapter of its own. A
 * single uppermost heading is a title, and the next level divides.
 */
export function chaptersOf(blocks: readonly Block[], title: string): Chapter[] {
  const level = dividingLevel(blocks);
  const chapters: Chapter[] = [];
  for (const block of blocks) {
    const begins = block.type === 'heading' && block.level === level;
    const current = chapters.at(-1);
    if (begins) chapters.push({ title: inlineText(block.children), blocks: [block] });
    else if (current) current.blocks.push(block);
    else chapters.push({ title, blocks: [block] });
  }
  return chapters.length > 0 ? chapters : [{ title, blocks: [] }];
}

function dividingLevel(blocks: readonly Block[]): number {
  const levels = blocks.filter((block) => block.type === 'heading').map(({ level }) => level);
  const top = Math.min(...levels);
  const below = Math.min(...levels.filter((level) => level > top));
  return levels.filter((level) => level === top).length === 1 && Number.isFinite(below) ? below : top;
}
