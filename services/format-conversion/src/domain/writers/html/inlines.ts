import type { Image, Inline, Mark } from '../../document/inline.ts';
import { attribute, escapeHtml } from './escape.ts';
import { noteNumber, type Rendering } from './rendering.ts';

const TAGS: Readonly<Record<Mark, string>> = {
  strong: 'strong',
  emphasis: 'em',
  strike: 'del',
  underline: 'u',
  superscript: 'sup',
  subscript: 'sub',
};

export function renderInlines(children: readonly Inline[], rendering: Rendering): string {
  return children.map((inline) => renderInline(inline, rendering)).join('');
}

function renderInline(inline: Inline, rendering: Rendering): string {
  switch (inline.type) {
    case 'text':
      return escapeHtml(inline.text);
    case 'mark':
      return `<${TAGS[inline.mark]}>${renderInlines(inline.children, rendering)}</${TAGS[inline.mark]}>`;
    case 'code':
      return `<code>${escapeHtml(inline.text)}</code>`;
    case 'link': {
      const title = inline.title === undefined ? '' : attribute('title', inline.title);
      return `<a${attribute('href', inline.url)}${title}>${renderInlines(inline.children, rendering)}</a>`;
    }
    case 'image':
      return renderImage(inline, rendering);
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
      return '<br />\n';
    case 'soft-break':
      return '\n';
    case 'math':
      return `<span class="math inline">\\(${escapeHtml(inline.tex)}\\)</span>`;
    case 'footnote':
      return renderNoteReference(inline.id, rendering);
    case 'raw-html':
      return renderRaw(inline.html, rendering);
  }
}

/** Raw HTML passes through HTML untouched (CommonMark 0.31.2, section 6.6); XHTML has no place for it. */
export function renderRaw(html: string, { xhtml, context }: Rendering): string {
  if (!xhtml) return html;
  context.warnings.add('RAW_HTML_DROPPED', 'Raw HTML of the source has no place in this format and was left out.');
  return '';
}

function renderImage({ source, alt, title }: Image, rendering: Rendering): string {
  const url =
    source.kind === 'url' ? source.url : source.kind === 'asset' ? rendering.assetUrl(source.assetId) : undefined;
  if (url === undefined) {
    rendering.context.warnings.add(
      'IMAGE_UNAVAILABLE',
      'An image could not be read; its alternative text stands in its place.',
    );
    return escapeHtml(alt);
  }
  return `<img${attribute('src', url)}${attribute('alt', alt)}${title === undefined ? '' : attribute('title', title)} />`;
}

function renderNoteReference(id: string, rendering: Rendering): string {
  const first = !rendering.notes.includes(id);
  const number = noteNumber(rendering, id);
  const anchor = first ? attribute('id', `fnref-${number}`) : '';
  return `<sup class="footnote-ref"><a href="#fn-${number}"${anchor}>${number}</a></sup>`;
}
