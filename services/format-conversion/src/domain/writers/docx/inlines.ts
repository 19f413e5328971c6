import {
  CheckBox,
  ExternalHyperlink,
  FootnoteReferenceRun,
  ImageRun,
  Math as OfficeMath,
  TextRun,
  type IRunOptions,
  type ParagraphChild,
} from 'docx';
import { latexToMath } from 'docx/math';
import type { Image, Inline, Mark } from '../../document/inline.ts';
import { imageFacts } from '../../image/dimensions.ts';
import { xmlSafe } from '../../xml/safe-text.ts';
import type { Rendering } from './rendering.ts';

type Formatting = Omit<IRunOptions, 'text' | 'children'>;

const FORMATS: Readonly<Record<Mark, Formatting>> = {
  strong: { bold: true },
  emphasis: { italics: true },
  strike: { strike: true },
  underline: { underline: {} },
  superscript: { superScript: true },
  subscript: { subScript: true },
};

/** The content of a paragraph. Marks become properties of runs, because runs do not nest. */
export function renderInlines(
  children: readonly Inline[],
  rendering: Rendering,
  formatting: Formatting = {},
): ParagraphChild[] {
  return children.flatMap((inline) => renderInline(inline, rendering, formatting));
}

function renderInline(inline: Inline, rendering: Rendering, formatting: Formatting): ParagraphChild[] {
  switch (inline.type) {
    case 'text':
      return [new TextRun({ ...formatting, text: xmlSafe(inline.text) })];
    case 'mark':
      return renderInlines(inline.children, rendering, { ...formatting, ...FORMATS[inline.mark] });
    case 'code':
      return [new TextRun({ ...formatting, style: 'VerbatimChar', text: xmlSafe(inline.text) })];
    case 'link': {
      const inner = renderInlines(inline.children, rendering, { ...formatting, style: 'Hyperlink' });
      return inline.url === '' || inline.url.startsWith('#')
        ? inner
        : [new ExternalHyperlink({ link: inline.url, children: inner })];
    }
    case 'image':
      return [renderImage(inline, rendering)];
    default:
      return renderLeaf(inline, rendering, formatting);
  }
}

function renderLeaf(
  inline: Extract<Inline, { type: 'break' | 'soft-break' | 'math' | 'footnote' | 'raw-html' }>,
  rendering: Rendering,
  formatting: Formatting,
): ParagraphChild[] {
  switch (inline.type) {
    case 'break':
      return [new TextRun({ break: 1 })];
    case 'soft-break':
      return [new TextRun({ ...formatting, text: ' ' })];
    case 'math':
      return [renderMath(inline.tex, rendering)];
    case 'footnote':
      return renderNote(inline.id, rendering);
    case 'raw-html':
      return [];
  }
}

function renderNote(id: string, { notes, document }: Rendering): ParagraphChild[] {
  if (!document.footnotes[id]) return [];
  if (!notes.includes(id)) notes.push(id);
  return [new FootnoteReferenceRun(notes.indexOf(id) + 1)];
}

/** A formula as Word's own equation; one that uses unknown commands stays LaTeX. */
export function renderMath(tex: string, { context }: Rendering): ParagraphChild {
  try {
    return new OfficeMath({ children: latexToMath(tex) });
  } catch {
    context.warnings.add(
      'MATH_AS_SOURCE',
      'A formula uses commands that have no equation in Word; it stays LaTeX source.',
    );
    return new TextRun({ font: 'Cambria Math', text: tex });
  }
}

function renderImage(image: Image, rendering: Rendering): ParagraphChild {
  const { source, alt } = image;
  const data = source.kind === 'asset' ? rendering.document.assets[source.assetId]?.data : undefined;
  const facts = data && imageFacts(data);
  if (!data || !facts || facts.width * facts.height === 0) return renderMissing(image, rendering);
  const scale = Math.min(1, rendering.widthPixels / facts.width);
  const transformation = { width: Math.round(facts.width * scale), height: Math.round(facts.height * scale) };
  return new ImageRun({
    type: facts.kind,
    data: Buffer.from(data),
    transformation,
    altText: { name: 'Picture', description: alt },
  });
}

/** The alternative text, leading to the picture where that has an address. */
function renderMissing({ source, alt }: Image, { context }: Rendering): ParagraphChild {
  context.warnings.add(
    'IMAGE_NOT_EMBEDDED',
    'A picture could not be embedded; its alternative text stands in its place.',
  );
  const run = new TextRun({ text: alt === '' ? '[image]' : alt, italics: true });
  return source.kind === 'url' && /^https?:/.test(source.url)
    ? new ExternalHyperlink({ link: source.url, children: [run] })
    : run;
}

/** A check box as content control, with a space after it. */
export function renderCheckbox(checked: boolean): ParagraphChild[] {
  return [new CheckBox({ checked }), new TextRun({ text: ' ' })];
}
