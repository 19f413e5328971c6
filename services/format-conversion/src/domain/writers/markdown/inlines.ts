import type { Image, Inline, Mark } from '../../document/inline.ts';
import { inlineText } from '../../document/plain-text.ts';
import { codeSpan, destination, escapeText } from './escape.ts';
import { delimit, type Surroundings } from './marks.ts';
import { imageMarkdown } from './images.ts';
import type { Rendering } from './rendering.ts';

const DELIMITERS: Readonly<Partial<Record<Mark, string>>> = { strong: '**', emphasis: '*', strike: '~~' };
const TAGS: Readonly<Partial<Record<Mark, string>>> = { superscript: 'sup', subscript: 'sub' };

/** Renders inlines left to right; each sees the character before it and the one that will follow. */
export function renderInlines(children: readonly Inline[], rendering: Rendering, around?: Surroundings): string {
  let markdown = '';
  children.forEach((inline, index) => {
    const before = markdown.at(-1) ?? around?.before ?? '';
    const after = firstCharacter(children.slice(index + 1)) ?? around?.after ?? '';
    markdown += renderInline(inline, rendering, { before, after });
  });
  return markdown;
}

function renderInline(inline: Inline, rendering: Rendering, around: Surroundings): string {
  switch (inline.type) {
    case 'text':
      return escapeText(inline.text);
    case 'mark':
      return renderMark(inline.mark, inline.children, rendering, around);
    case 'code':
      return inline.text === '' ? '' : codeSpan(inline.text);
    case 'link':
      return renderLink(inline, rendering);
    case 'image':
      return imageMarkdown(inline satisfies Image, rendering);
    default:
      return renderLeaf(inline, rendering);
  }
}

function renderLeaf(
  inline: Extract<Inline, { type: 'break' | 'soft-break' | 'math' | 'footnote' | 'raw-html' }>,
  rendering: Rendering,
): string {
  switch (inline.type) {
    case 'break':
      return rendering.singleLine ? rendering.breakText : '  \n';
    case 'soft-break':
      return rendering.singleLine ? ' ' : '\n';
    case 'math':
      return inline.tex.trim() === '' ? '' : `$${inline.tex.trim()}$`;
    case 'footnote':
      return `[^${noteLabel(inline.id)}]`;
    case 'raw-html':
      return inline.html;
  }
}

function renderMark(mark: Mark, children: readonly Inline[], rendering: Rendering, around: Surroundings): string {
  const delimiter = DELIMITERS[mark];
  if (delimiter === undefined) {
    const inner = renderInlines(children, rendering, around);
    const tag = TAGS[mark];
    if (tag !== undefined) return `<${tag}>${inner}</${tag}>`;
    rendering.context.warnings.add('UNDERLINE_DROPPED', 'Markdown has no underline; the text is kept without it.');
    return inner;
  }
  const inner = renderInlines(children, rendering, { before: delimiter[0] ?? '', after: delimiter[0] ?? '' });
  // Two delimiter runs that touch would be read as one: the underscore keeps them apart.
  const clash = mark === 'emphasis' && around.before === '*' && !/^[\p{L}\p{N}]/u.test(around.after);
  return delimit(inner, clash ? '_' : delimiter, around);
}

function renderLink(link: Extract<Inline, { type: 'link' }>, rendering: Rendering): string {
  const label = renderInlines(link.children, rendering, { before: '[', after: ']' });
  const isAddress = /^(https?|ftp|mailto):[^\s<>]+$/.test(link.url) && inlineText(link.children) === link.url;
  if (isAddress && link.title === undefined) return `<${link.url}>`;
  return `[${label}]${destination(link.url, link.title)}`;
}

/** Labels are letters, digits and hyphens, so that no reader trips over them. */
export function noteLabel(id: string): string {
  return id.replace(/[^\p{L}\p{N}-]+/gu, '-');
}

/** What constructs that are not text begin with. */
const FIRST: Readonly<Partial<Record<Inline['type'], string>>> = {
  break: '\n',
  'soft-break': '\n',
  code: '`',
  math: '$',
  link: '[',
  footnote: '[',
  image: '[',
  'raw-html': '<',
};

/** The character that the rest will begin with; undefined when nothing follows. */
function firstCharacter(rest: readonly Inline[]): string | undefined {
  for (const inline of rest) {
    const known = inline.type === 'mark' && DELIMITERS[inline.mark] !== undefined ? '*' : FIRST[inline.type];
    if (known !== undefined) return known;
    const [first] = inlineText([inline]);
    if (first !== undefined) return first;
  }
  return undefined;
}
