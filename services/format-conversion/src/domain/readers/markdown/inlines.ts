import type { Token } from 'markdown-it';
import type { Inline, Mark } from '../../document/inline.ts';
import { inlineText } from '../../document/plain-text.ts';
import { mergeText } from '../../document/runs.ts';
import { tokenTree, type Node } from './tokens.ts';

const MARKS: Readonly<Record<string, Mark>> = { strong_open: 'strong', em_open: 'emphasis', s_open: 'strike' };

/** Addresses that GFM section 6.9 links without brackets; markdown-it's linkifier also takes bare host names. */
const BARE_ADDRESS = /^(https?:\/\/|ftp:\/\/|www\.|mailto:)|@/i;

/** The content of a paragraph, heading or cell. */
export function readInlines(tokens: readonly Token[]): Inline[] {
  return fromNodes(tokenTree(tokens));
}

function fromNodes(nodes: readonly Node[]): Inline[] {
  return mergeText(nodes.flatMap(fromNode));
}

function fromNode({ token, children }: Node): Inline[] {
  const mark = MARKS[token.type];
  if (mark !== undefined) return [{ type: 'mark', mark, children: fromNodes(children) }];
  if (token.type === 'link_open') return readLink(token, fromNodes(children));
  return leaf(token);
}

function leaf(token: Token): Inline[] {
  switch (token.type) {
    case 'code_inline':
      return [{ type: 'code', text: token.content }];
    case 'hardbreak':
      return [{ type: 'break' }];
    case 'softbreak':
      return [{ type: 'soft-break' }];
    case 'html_inline':
      return [{ type: 'raw-html', html: token.content }];
    case 'math_inline':
      return [{ type: 'math', tex: token.content }];
    case 'image':
      return [readImage(token)];
    case 'footnote_ref':
      return [{ type: 'footnote', id: footnoteId(token) }];
    default:
      return token.content === '' ? [] : [{ type: 'text', text: token.content }];
  }
}

function readLink(token: Token, children: Inline[]): Inline[] {
  if (token.markup === 'linkify' && !BARE_ADDRESS.test(inlineText(children))) return children;
  const title = token.attrGet('title');
  const url = token.attrGet('href') ?? '';
  return [{ type: 'link', url, ...(title === null ? {} : { title }), children }];
}

function readImage(token: Token): Inline {
  const title = token.attrGet('title');
  return {
    type: 'image',
    source: { kind: 'url', url: token.attrGet('src') ?? '' },
    // CommonMark 0.31.2, section 6.4: the alternative text is the plain text of the description.
    alt: inlineText(readInlines(token.children ?? [])),
    ...(title === null ? {} : { title }),
  };
}

/** The author's label where there is one, else the number that markdown-it-footnote gives inline notes. */
export function footnoteId(token: Token): string {
  const meta = token.meta as { id: number; label?: string };
  return meta.label ?? String(meta.id + 1);
}
