import { sentencesOf } from '../text/sentences.ts';
import type { Block, Chunk, ChunkingSettings } from './block.ts';
import { splitBlock } from './split-block.ts';

/** A chunk that is this full may end where a section ends; a fuller one must. */
const SETTLED_SHARE = 0.25;
const MAX_CONTEXT_CHARACTERS = 400;
/** Columns of a table are named again in each of its parts, if that takes no more than this. */
const MAX_TABLE_HEAD = 300;

interface Open {
  start: number;
  end: number;
  readonly titles: readonly string[];
  readonly tableHead: string;
  /** Nothing but titles so far. */
  bare: boolean;
}

/**
 * Divides a text along its structure: sections are kept apart once they are of some size, tables and paragraphs are cut
 * only where they are longer than a chunk may be. Every chunk is a range of the text, untouched.
 *
 * @param title of the document, above all its headings
 */
export function chunkText(text: string, blocks: readonly Block[], settings: ChunkingSettings, title = ''): Chunk[] {
  const cutter = new Cutter(text, settings, title);
  for (const block of blocks) {
    if (block.kind === 'heading') cutter.heading(block);
    else cutter.content(block);
  }
  return cutter.finish();
}

class Cutter {
  readonly #text: string;
  readonly #settings: ChunkingSettings;
  readonly #title: string;
  readonly #chunks: Chunk[] = [];
  #path: { level: number; title: string }[] = [];
  #open: Open | undefined;

  constructor(text: string, settings: ChunkingSettings, title: string) {
    this.#text = text;
    this.#settings = settings;
    this.#title = title;
  }

  heading(block: Block): void {
    const { level = 1, title = '' } = block;
    const open = this.#open;
    const settled = this.#settings.maxCharacters * SETTLED_SHARE;
    if (open !== undefined && !open.bare && open.end - open.start >= settled) this.#flush();
    const above = this.#path.filter((outer) => outer.level < level);
    this.#append(
      block,
      above.map((outer) => outer.title),
      { bare: true },
    );
    this.#path = [...above, { level, title }];
  }

  content(block: Block): void {
    const titles = this.#path.map(({ title }) => title);
    const { maxCharacters, overlapCharacters } = this.#settings;
    // Room is left for what is repeated of the part before.
    const parts = splitBlock(this.#text, block, maxCharacters - overlapCharacters);
    const head = block.kind === 'table' && parts.length > 1 ? tableHead(this.#text, block) : '';
    parts.forEach((part, i) => {
      this.#append(part, titles, { bare: false, tableHead: i === 0 ? '' : head });
    });
  }

  finish(): Chunk[] {
    this.#flush(this.#chunks.length === 0);
    return this.#chunks;
  }

  #append(
    { start, end }: { start: number; end: number },
    titles: readonly string[],
    { bare, tableHead = '' }: { bare: boolean; tableHead?: string },
  ): void {
    const open = this.#open;
    if (open !== undefined && end - open.start <= this.#settings.maxCharacters) {
      open.end = end;
      open.bare &&= bare;
      return;
    }
    this.#flush();
    const from = bare || open?.bare !== false ? start : this.#reachBack(start, end, open);
    this.#open = { start: from, end, titles, tableHead, bare };
  }

  /** Titles alone are no chunk: they are in the context of what follows. */
  #flush(bareToo = false): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined || (open.bare && !bareToo)) return;
    const context = [this.#title, ...open.titles].filter((title) => title !== '').join(' › ');
    const lines = [context.slice(0, MAX_CONTEXT_CHARACTERS), open.tableHead].filter((line) => line !== '');
    this.#chunks.push({ start: open.start, end: open.end, context: lines.join('\n') });
  }

  /** Where a chunk begins that repeats the last sentences of the one before it. */
  #reachBack(start: number, end: number, before: Open): number {
    const { overlapCharacters, maxCharacters } = this.#settings;
    const room = Math.min(overlapCharacters, maxCharacters - (end - start));
    if (room <= 0) return start;
    const sentences = sentencesOf(this.#text, before);
    return sentences.find((sentence) => start - sentence.start <= room)?.start ?? start;
  }
}

function tableHead(text: string, { start, end }: Block): string {
  const head = text.slice(start, end).split('\n', 1)[0] ?? '';
  return head.length <= MAX_TABLE_HEAD ? head : '';
}
