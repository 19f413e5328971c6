import type { Inline, Mark } from '../../document/inline.ts';
import type { ParagraphState, State } from './state.ts';

/** What control words act on. */
export interface RtfTarget {
  text(text: string): void;
  emit(content: Inline): void;
  unicode(value: number): void;
  set(change: Partial<State>): void;
  mark(mark: Mark, on: boolean): void;
  setParagraph(change: Partial<ParagraphState>): void;
  resetParagraph(): void;
  style(id: number | undefined): void;
  endParagraph(): void;
  endCell(): void;
  endRow(): void;
  picture(mediaType: 'image/png' | 'image/jpeg'): void;
  fieldResult(): void;
}

type Handler = (target: RtfTarget, value: number | undefined) => void;

const MARKS: Readonly<Record<string, Mark>> = {
  b: 'strong',
  i: 'emphasis',
  ul: 'underline',
  strike: 'strike',
  striked: 'strike',
  super: 'superscript',
  sub: 'subscript',
};

/** Words that stand for a character. */
const CHARACTERS: Readonly<Record<string, string>> = {
  tab: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
};

const WORDS: Readonly<Record<string, Handler>> = {
  ...Object.fromEntries(
    Object.entries(MARKS).map(([word, mark]): [string, Handler] => [
      word,
      (target, value) => target.mark(mark, value !== 0),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(CHARACTERS).map(([word, character]): [string, Handler] => [
      word,
      (target) => target.text(character),
    ]),
  ),
  par: (target) => target.endParagraph(),
  sect: (target) => target.endParagraph(),
  line: (target) => target.emit({ type: 'break' }),
  pard: (target) => target.resetParagraph(),
  plain: (target) => target.set({ marks: [], hidden: false }),
  ulnone: (target) => target.mark('underline', false),
  nosupersub: (target) => {
    target.mark('superscript', false);
    target.mark('subscript', false);
  },
  v: (target, value) => target.set({ hidden: value !== 0 }),
  deleted: (target) => target.set({ hidden: true }),
  ansicpg: (target, value) => target.set({ codePage: value ?? 1252 }),
  uc: (target, value) => target.set({ fallbackLength: value ?? 1 }),
  u: (target, value) => target.unicode(value ?? 0),
  s: (target, value) => target.style(value),
  outlinelevel: (target, value) => target.setParagraph({ outlineLevel: value }),
  ilvl: (target, value) => target.setParagraph({ listLevel: value ?? 0 }),
  intbl: (target) => target.setParagraph({ inTable: true }),
  cell: (target) => target.endCell(),
  row: (target) => target.endRow(),
  pngblip: (target) => target.picture('image/png'),
  jpegblip: (target) => target.picture('image/jpeg'),
  fldrslt: (target) => target.fieldResult(),
  // A picture that newer readers take; the one for older readers is skipped.
  shppict: () => undefined,
};

/** Whether a word may follow a star without its group being skipped. */
export function isKnownWord(word: string): boolean {
  return word in WORDS;
}

export function applyWord(target: RtfTarget, word: string, value: number | undefined): void {
  WORDS[word]?.(target, value);
}
