import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Analyzer } from '@genai-platform/common/retrieval';
import type { Chunk } from '../domain/chunking/block.ts';
import { chunkText } from '../domain/chunking/chunk-text.ts';
import { markdownBlocks, normalizeText, plainBlocks } from '../domain/chunking/read-blocks.ts';
import type { Chunking } from '../domain/collection-settings.ts';
import { wordsOf } from '../domain/lexical/chunk-words.ts';
import type { ChunkWords } from '../domain/lexical/chunk-words.ts';
import { encodeWords } from '../domain/lexical/words-codec.ts';
import type { TextFormat } from './source-text.ts';

/** How long one slice of the work may keep the event loop. */
const SLICE_MS = 6;

/** A document that is divided and indexed, and not embedded yet. */
export interface ReadDocument {
  readonly text: string;
  readonly title: string;
  /** Of the text and of how it was divided: the same one gives the same chunks. */
  readonly contentHash: Buffer;
  readonly words: Buffer;
  readonly chunks: readonly (Chunk & { readonly text: string; readonly hash: Buffer })[];
}

export interface ReadOptions {
  readonly format: TextFormat;
  readonly title: string;
  readonly chunking: Chunking;
  readonly analyzer: Analyzer;
}

/** Divides a text along its structure and counts its words. */
export async function readDocument(given: string, options: ReadOptions): Promise<ReadDocument> {
  const { format, chunking, analyzer } = options;
  const text = normalizeText(given);
  const blocks = format === 'markdown' ? markdownBlocks(text) : plainBlocks(text);
  const [first] = blocks;
  const title = options.title || (first?.kind === 'heading' && first.level === 1 ? (first.title ?? '') : '');
  const settings = { maxCharacters: chunking.max_characters, overlapCharacters: chunking.overlap_characters };
  // A title that is the text's own first heading is in the text: it is not said twice.
  const ranges = chunkText(text, blocks, settings, options.title);
  const words: ChunkWords[] = [];
  const chunks: ReadDocument['chunks'][number][] = [];
  let startedMs = performance.now();
  for (const range of ranges) {
    const content = text.slice(range.start, range.end);
    words.push(wordsOf(analyzer, range.context, content));
    chunks.push({ ...range, text: content, hash: sha256(range.context, content) });
    if (performance.now() - startedMs < SLICE_MS) continue;
    await setImmediate();
    startedMs = performance.now();
  }
  const contentHash = sha256(format, options.title, JSON.stringify(chunking), text);
  return { text, title, contentHash, words: encodeWords(words), chunks };
}

/** What a chunk is embedded as. */
export function embeddedText({ context, text }: { context: string; text: string }): string {
  return context === '' ? text : `${context}\n${text}`;
}

function sha256(...texts: readonly string[]): Buffer {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest();
}
