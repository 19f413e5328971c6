import type { Context } from '../../context.ts';
import { decodeText } from '../../detect/encoding.ts';
import { emptyDocument, type Document } from '../../document/document.ts';
import { readBlocks } from './blocks.ts';
import { splitFrontMatter } from './front-matter.ts';
import { footnoteId } from './inlines.ts';
import { markdownParser } from './parser.ts';
import { tokenTree, type Node } from './tokens.ts';

/** Reads Markdown (CommonMark 0.31.2, by default with GitHub's extensions). */
export function readMarkdown(input: Uint8Array, context: Context): Document {
  const { dialect, encoding } = context.options;
  const source = decodeText(input, { encoding, warnings: context.warnings });
  const tasks = dialect === 'gfm';
  const { metadata, body } = tasks ? splitFrontMatter(source) : { metadata: {}, body: source };
  const tokens = markdownParser(dialect, context.limits.depth).parse(body, {});
  const nodes = tokenTree(tokens);
  const document: Document = { ...emptyDocument(), metadata };
  document.blocks = readBlocks(
    nodes.filter(({ token }) => token.type !== 'footnote_block_open'),
    tasks,
  );
  for (const note of notesOf(nodes)) document.footnotes[footnoteId(note.token)] = readBlocks(note.children, tasks);
  return document;
}

function notesOf(nodes: readonly Node[]): Node[] {
  return nodes.filter(({ token }) => token.type === 'footnote_block_open').flatMap(({ children }) => children);
}
