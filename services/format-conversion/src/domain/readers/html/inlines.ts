import type { ImageSource, Inline } from '../../document/inline.ts';
import { attributeOf, classesOf, findAll, textOf, type Element } from './dom.ts';
import type { Flow } from './paragraphs.ts';
import { resolveUrl, type Scope } from './scope.ts';
import { isCode } from './style.ts';

/** Reads an element into the flow; false leaves it to the general treatment. */
type InlineReader = (element: Element, scope: Scope, flow: Flow) => boolean;

const MEDIA: InlineReader = (element, scope) => {
  scope.context.warnings.add('MEDIA_DROPPED', `A <${element.tagName}> element has no text and was left out.`);
  return false;
};

const CODE: InlineReader = (element, scope, flow) => {
  if (findAll(element, ({ tagName }) => tagName === 'a' || tagName === 'br').length > 0) return false;
  const text = textOf(element).replace(/\s+/g, ' ');
  if (text.trim() !== '') emit({ type: 'code', text }, scope, flow);
  return true;
};

export const inlineReaders: Readonly<Record<string, InlineReader | undefined>> = {
  br: (_element, scope, flow) => emit({ type: 'break' }, scope, flow),
  wbr: () => true,
  img: readImage,
  a: readAnchor,
  code: CODE,
  kbd: CODE,
  samp: CODE,
  tt: CODE,
  span: readSpan,
  sup: readSup,
  q: (element, scope, flow) => {
    emit({ type: 'text', text: '“' }, scope, flow);
    scope.walkChildren(element, scope, flow);
    return emit({ type: 'text', text: '”' }, scope, flow);
  },
  math: readMathMl,
  script: (element, scope, flow) =>
    /^math\/tex/.test(attributeOf(element, 'type') ?? '') &&
    emit({ type: 'math', tex: textOf(element).trim() }, scope, flow),
  svg: MEDIA,
  canvas: MEDIA,
  audio: MEDIA,
  video: MEDIA,
  iframe: MEDIA,
  object: MEDIA,
  embed: MEDIA,
};

function emit(content: Inline, { marks, link }: Scope, flow: Flow): true {
  flow.run({ content, marks, link });
  return true;
}

function readImage(element: Element, scope: Scope, flow: Flow): true {
  const [src, lazy, alt, title] = ['src', 'data-src', 'alt', 'title'].map((name) => attributeOf(element, name));
  const url = src ?? lazy;
  const source: ImageSource =
    url === undefined ? { kind: 'unavailable', reason: 'no address' } : imageSource(url, scope);
  return emit({ type: 'image', source, alt: alt ?? '', ...(title === undefined ? {} : { title }) }, scope, flow);
}

/** A picture inside a data URI (RFC 2397) becomes an asset. */
function imageSource(url: string, scope: Scope): ImageSource {
  const [, mediaType, data] = /^data:(image\/[\w.+-]+);base64,([\w+/=\s]+)$/i.exec(url.trim()) ?? [];
  if (mediaType === undefined || data === undefined) return { kind: 'url', url: resolveUrl(url, scope) };
  const assetId = `image-${Object.keys(scope.assets).length + 1}`;
  scope.assets[assetId] = { mediaType: mediaType.toLowerCase(), data: Buffer.from(data, 'base64') };
  return { kind: 'asset', assetId };
}

function readAnchor(element: Element, scope: Scope, flow: Flow): boolean {
  const href = attributeOf(element, 'href');
  if (href === undefined || href === '') return false;
  if (href.startsWith('#') && scope.noteIds.has(href.slice(1)))
    return emit({ type: 'footnote', id: href.slice(1) }, scope, flow);
  const title = attributeOf(element, 'title');
  const link = { url: resolveUrl(href, scope), ...(title ? { title } : {}) };
  scope.walkChildren(element, { ...scope, link, code: scope.code || isCode(element) }, flow);
  return true;
}

/** A superscript that holds only a note reference is the reference. */
function readSup(element: Element, scope: Scope, flow: Flow): boolean {
  const [anchor] = findAll(element, ({ tagName }) => tagName === 'a');
  const href = anchor && attributeOf(anchor, 'href');
  if (!href?.startsWith('#') || !scope.noteIds.has(href.slice(1))) return false;
  return emit({ type: 'footnote', id: href.slice(1) }, scope, flow);
}

/** Math as pandoc (`math inline`), KaTeX and MathJax 3 leave it in a page. */
function readSpan(element: Element, scope: Scope, flow: Flow): boolean {
  const classes = classesOf(element);
  if (classes.includes('katex')) return readTexAnnotation(element, scope, flow);
  if (!classes.includes('math')) return false;
  const tex = textOf(element)
    .trim()
    .replace(/^\\[([]|\\[)\]]$/g, '')
    .replace(/^\$+|\$+$/g, '');
  if (!classes.includes('display')) return emit({ type: 'math', tex }, scope, flow);
  flow.block({ type: 'math', tex });
  return true;
}

function readMathMl(element: Element, scope: Scope, flow: Flow): boolean {
  if (readTexAnnotation(element, scope, flow)) return true;
  scope.context.warnings.add('MATHML_AS_TEXT', 'A formula in MathML without TeX annotation became plain text.');
  return false;
}

function readTexAnnotation(element: Element, scope: Scope, flow: Flow): boolean {
  const [annotation] = findAll(
    element,
    (inner) => inner.tagName === 'annotation' && attributeOf(inner, 'encoding') === 'application/x-tex',
  );
  if (!annotation) return false;
  const tex = textOf(annotation).trim();
  if (attributeOf(element, 'display') !== 'block') return emit({ type: 'math', tex }, scope, flow);
  flow.block({ type: 'math', tex });
  return true;
}
