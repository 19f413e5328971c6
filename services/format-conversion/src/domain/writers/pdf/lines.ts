import type { Fonts } from './fonts.ts';
import { theme } from './theme.ts';
import type { Setting, Word } from './words.ts';

export interface PlacedWord {
  text: string;
  x: number;
  width: number;
  setting: Setting;
}

export interface TextLine {
  words: PlacedWord[];
  width: number;
  height: number;
  /** Distance from the top of the line to its baseline. */
  ascent: number;
}

/** Fills lines greedily. A word that is wider than the line is divided where it has to be. */
export function breakLines(words: readonly Word[], width: number, size: number, fonts: Fonts): TextLine[] {
  const filler = new LineFiller(width, size, fonts);
  for (const word of words) {
    if (word.kind === 'break') filler.flush();
    else for (const piece of word.width > width ? divide(word, width, fonts) : [word]) filler.add(piece);
  }
  return filler.finish();
}

type TextWord = Extract<Word, { kind: 'text' }>;

class LineFiller {
  readonly #lines: TextLine[] = [];
  readonly #width: number;
  readonly #size: number;
  readonly #fonts: Fonts;
  #line: TextLine;

  constructor(width: number, size: number, fonts: Fonts) {
    this.#width = width;
    this.#size = size;
    this.#fonts = fonts;
    this.#line = emptyLine(size);
  }

  add(word: TextWord): void {
    const space = this.#spaceBefore(word);
    const fits = this.#line.width + space + word.width <= this.#width + 0.01;
    if (!fits && this.#line.words.length > 0) this.flush();
    place(this.#line, word, fits ? space : 0);
  }

  flush(): void {
    this.#lines.push(this.#line);
    this.#line = emptyLine(this.#size);
  }

  finish(): TextLine[] {
    if (this.#line.words.length > 0 || this.#lines.length === 0) this.flush();
    return this.#lines;
  }

  #spaceBefore({ spaceBefore, setting }: TextWord): number {
    if (!spaceBefore || this.#line.words.length === 0) return 0;
    return this.#fonts.get(setting.font).widthOfTextAtSize(' ', setting.size);
  }
}

function place(line: TextLine, { text, width, setting }: TextWord, space: number): void {
  line.words.push({ text, width, setting, x: line.width + space });
  line.width += space + width;
}

function divide(word: TextWord, width: number, fonts: Fonts): TextWord[] {
  const font = fonts.get(word.setting.font);
  const pieces: TextWord[] = [];
  let rest = word.text;
  while (rest !== '') {
    let count = rest.length;
    while (count > 1 && font.widthOfTextAtSize(rest.slice(0, count), word.setting.size) > width) count -= 1;
    const text = rest.slice(0, count);
    pieces.push({
      ...word,
      text,
      width: font.widthOfTextAtSize(text, word.setting.size),
      spaceBefore: pieces.length === 0 && word.spaceBefore,
    });
    rest = rest.slice(count);
  }
  return pieces;
}

function emptyLine(size: number): TextLine {
  return { words: [], width: 0, height: size * theme.leading, ascent: size * (0.5 + theme.leading / 2 - 0.28) };
}
