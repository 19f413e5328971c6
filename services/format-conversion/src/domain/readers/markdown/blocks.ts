import MarkdownIt from 'markdown-it';
import type { Alignment, Block, Cell, Table } from '../../document/block.ts';
import { cell, paragraph } from '../../document/block.ts';
import type { Inline } from '../../document/inline.ts';
import { readInlines } from './inlines.ts';
import { readList } from './lists.ts';
import type { Node } from './tokens.ts';

const { unescapeAll } = new MarkdownIt().utils;

/** Turns block nodes into the model. `tasks` says whether `[x]` makes a task item. */
export function readBlocks(nodes: readonly Node[], tasks: boolean): Block[] {
  return nodes.flatMap((node) => readBlock(node, tasks));
}

function readBlock(node: Node, tasks: boolean): Block[] {
  const { token, children } = node;
  switch (token.type) {
    case 'heading_open':
      return [{ type: 'heading', level: Number(token.tag.slice(1)), children: inlinesOf(children) }];
    case 'paragraph_open':
      return [paragraph(inlinesOf(children))];
    case 'blockquote_open':
      return [{ type: 'quote', children: readBlocks(children, tasks) }];
    case 'bullet_list_open':
    case 'ordered_list_open':
      return [readList(node, (items) => readBlocks(items, tasks), tasks)];
    case 'table_open':
      return [readTable(children)];
    default:
      return leafBlock(node);
  }
}

function leafBlock({ token }: Node): Block[] {
  switch (token.type) {
    case 'fence':
    case 'code_block':
      return [{ type: 'code', text: token.content, language: unescapeAll(token.info).trim() }];
    case 'hr':
      return [{ type: 'rule' }];
    case 'html_block':
      return [{ type: 'raw-html', html: token.content }];
    case 'math_block':
      return [{ type: 'math', tex: token.content }];
    default:
      return [];
  }
}

function inlinesOf(nodes: readonly Node[]): Inline[] {
  return nodes.flatMap(({ token }) => readInlines(token.children ?? []));
}

function readTable(sections: readonly Node[]): Table {
  const rows = sections.flatMap((section) => section.children);
  const headers = rows[0]?.children ?? [];
  return {
    type: 'table',
    caption: [],
    headerRows: 1,
    rows: rows.map((row) => ({ cells: row.children.map(readCell) })),
    alignments: headers.map(({ token }) => readAlignment(token.attrGet('style'))),
  };
}

function readCell({ token, children }: Node): Cell {
  const content = inlinesOf(children);
  return cell(content.length > 0 ? [paragraph(content)] : [], token.tag === 'th');
}

function readAlignment(style: string | null): Alignment {
  const value = /text-align:(left|center|right)/.exec(style ?? '')?.[1];
  return (value ?? 'none') as Alignment;
}
