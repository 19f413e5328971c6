import type { Inline, Mark } from '../../document/inline.ts';
import type { FontName, Fonts } from './fonts.ts';
import { colors, type Color } from './theme.ts';

/** How a word is set. */
export interface Setting {
  font: FontName;
  size: number;
  color: Color;
  /** Above the baseline, in points. */
  rise: number;
  underline: boolean;
  strike: boolean;
  url?: string | undefined;
}

/** The smallest piece that a line break does not divide, or a break itself. */
export type Word =
  { kind: 'text'; text: string; width: number; setting: Setting; spaceBefore: boolean } | { kind: 'break' };

export interface WordOptions {
  fonts: Fonts;
  setting: Setting;
  /** Numbers of footnotes by their identifiers. */
  noteNumber: (id: string) => number;
  warn: (code: string, detail: string) => void;
}

/** Divides inline content into words. */
export function wordsOf(children: readonly Inline[], options: WordOptions): Word[] {
  const sink: Sink = { words: [], space: false };
  for (const inline of children) collect(inline, options, sink);
  return sink.words;
}

interface Sink {
  words: Word[];
  /** White space stands before what comes next. */
  space: boolean;
}

function collect(inline: Inline, options: WordOptions, sink: Sink): void {
  switch (inline.type) {
    case 'text':
      return addText(inline.text, options, sink);
    case 'mark':
      return collectAll(inline.children, { ...options, setting: withMark(options.setting, inline.mark) }, sink);
    case 'code':
      return addText(
        inline.text,
        {
          ...options,
          setting: { ...options.setting, font: options.setting.font.startsWith('bold') ? 'codeBold' : 'code' },
        },
        sink,
      );
    case 'link':
      return collectAll(inline.children, { ...options, setting: linked(options.setting, inline.url) }, sink);
    default:
      return collectLeaf(inline, options, sink);
  }
}

function collectLeaf(
  inline: Extract<Inline, { type: 'image' | 'break' | 'soft-break' | 'math' | 'footnote' | 'raw-html' }>,
  options: WordOptions,
  sink: Sink,
): void {
  switch (inline.type) {
    case 'break':
      sink.words.push({ kind: 'break' });
      sink.space = false;
      return;
    case 'soft-break':
      sink.space = true;
      return;
    case 'math':
      options.warn('MATH_AS_SOURCE', 'Formulas are shown as their LaTeX source.');
      return addText(inline.tex, { ...options, setting: withMark(options.setting, 'emphasis') }, sink);
    case 'footnote':
      return addText(
        String(options.noteNumber(inline.id)),
        { ...options, setting: withMark(options.setting, 'superscript') },
        sink,
      );
    case 'image':
      return addText(inline.alt, { ...options, setting: withMark(options.setting, 'emphasis') }, sink);
    case 'raw-html':
      return;
  }
}

function collectAll(children: readonly Inline[], options: WordOptions, sink: Sink): void {
  for (const inline of children) collect(inline, options, sink);
}

function addText(text: string, { fonts, setting }: WordOptions, sink: Sink): void {
  const font = fonts.get(setting.font);
  for (const part of fonts.encodable(text).split(/([ \n\r]+)/)) {
    if (part === '') continue;
    if (/^[ \n\r]+$/.test(part)) {
      sink.space = true;
      continue;
    }
    sink.words.push({
      kind: 'text',
      text: part,
      width: font.widthOfTextAtSize(part, setting.size),
      setting,
      spaceBefore: sink.space,
    });
    sink.space = false;
  }
}

const BOLD: Readonly<Record<FontName, FontName>> = {
  regular: 'bold',
  bold: 'bold',
  italic: 'boldItalic',
  boldItalic: 'boldItalic',
  code: 'codeBold',
  codeBold: 'codeBold',
};
const ITALIC: Readonly<Record<FontName, FontName>> = {
  regular: 'italic',
  bold: 'boldItalic',
  italic: 'italic',
  boldItalic: 'boldItalic',
  code: 'code',
  codeBold: 'codeBold',
};

function withMark(setting: Setting, mark: Mark): Setting {
  switch (mark) {
    case 'strong':
      return { ...setting, font: BOLD[setting.font] };
    case 'emphasis':
      return { ...setting, font: ITALIC[setting.font] };
    case 'strike':
      return { ...setting, strike: true };
    case 'underline':
      return { ...setting, underline: true };
    case 'superscript':
      return { ...setting, size: setting.size * 0.7, rise: setting.size * 0.33 };
    case 'subscript':
      return { ...setting, size: setting.size * 0.7, rise: setting.size * -0.15 };
  }
}

function linked(setting: Setting, url: string): Setting {
  return /^(https?|mailto):/i.test(url) ? { ...setting, color: colors.link, url } : setting;
}
