import type { Image } from '../../document/inline.ts';
import { dataUri } from '../html/rendering.ts';
import { destination, escapeText } from './escape.ts';
import type { Rendering } from './rendering.ts';

/**
 * Images with an address become Markdown images. Embedded ones follow the `images` option: a data URI, a
 * comment in their place with the alternative text inside, or nothing.
 */
export function imageMarkdown({ source, alt, title }: Image, { context, document }: Rendering): string {
  const { images } = context.options;
  if (images === 'omit') return omitted(alt, context.warnings.add.bind(context.warnings));
  const label = escapeText(alt.replace(/\s+/g, ' ').trim());
  if (source.kind === 'url') return `![${label}]${destination(source.url, title)}`;
  const asset = source.kind === 'asset' ? document.assets[source.assetId] : undefined;
  if (images === 'embed' && asset) return `![${label}]${destination(dataUri(asset), title)}`;
  context.warnings.add(
    'IMAGE_PLACEHOLDER',
    'An embedded image is represented by a comment; ask for `images: embed` to have it.',
  );
  // A comment cannot contain "--" (HTML, section 13.1.6).
  const description = alt
    .replace(/\s+/g, ' ')
    .replace(/-{2,}|>/g, '')
    .trim();
  return description === '' ? '<!-- image -->' : `<!-- image: ${description} -->`;
}

function omitted(alt: string, warn: (code: string, detail: string) => void): string {
  warn('IMAGE_OMITTED', 'An image was left out.');
  return escapeText(alt);
}
