import type { Box, Face, PageContent, Rule } from './content.ts';
import { faceOf, type FontFacts } from './face.ts';
import { GlyphSink, type ShownGlyph } from './glyph-sink.ts';
import { apply, matrixOf, multiply, type Matrix } from './matrix.ts';
import { rulesOf } from './paths.ts';
import { initialTextState, TextPosition, type TextState } from './text-state.ts';

/** Arguments of an operator, as pdf.js hands them over. */
export type Arguments = readonly unknown[] | null;

interface State {
  matrix: Matrix;
  text: TextState;
}

/** pdf.js does not type the arguments of operators; each operation knows its own. */
type Operation = (self: Interpreter, args: readonly unknown[]) => void;

/**
 * Runs a page's operators (ISO 32000-2, annex A, in pdf.js's names) as far as text, lines and pictures go.
 * pdf.js's own text extraction is not used because it reverses ligatures of right-to-left scripts and does
 * not say where single glyphs stand.
 */
export class Interpreter {
  readonly #fonts: (name: string) => FontFacts | undefined;
  readonly #faces = new Map<string, Face>();
  readonly #saved: State[] = [];
  readonly #marks: boolean[] = [];
  readonly #rules: Rule[] = [];
  readonly #images: Box[] = [];
  readonly #sink = new GlyphSink();
  readonly position: TextPosition = new TextPosition();
  matrix: Matrix;
  text: TextState = initialTextState;

  /** `base` maps PDF user space to points from the top left of the upright page. */
  constructor(base: Matrix, fonts: (name: string) => FontFacts | undefined) {
    this.matrix = base;
    this.#fonts = fonts;
  }

  run(operator: string, args: Arguments): void {
    OPERATIONS[operator]?.(this, args ?? []);
  }

  content(width: number, height: number): PageContent {
    const { glyphs, rotated, unmapped } = this.#sink;
    return { width, height, glyphs, rules: this.#rules, images: this.#images, rotated, unmapped };
  }

  save(): void {
    this.#saved.push({ matrix: this.matrix, text: this.text });
  }

  /** Enters a form or annotation with its own user space; `restore` leaves it. */
  begin(matrices: readonly unknown[]): void {
    this.save();
    for (const matrix of matrices) if (matrix) this.concat(matrixOf(matrix as ArrayLike<number>));
  }

  restore(): void {
    const state = this.#saved.pop();
    if (state) Object.assign(this, state);
  }

  concat(matrix: Matrix): void {
    this.matrix = multiply(this.matrix, matrix);
  }

  set(change: Partial<TextState>): void {
    this.text = { ...this.text, ...change };
  }

  font(name: string, size: number): void {
    const facts = this.#fonts(name);
    const face = this.#faces.get(name) ?? faceOf(facts);
    this.#faces.set(name, face);
    this.set({ face, size, scale: facts?.fontMatrix?.[0] ?? 0.001 });
  }

  /** Marked content that is an artifact (running heads, page numbers) is not part of the text (section 14.8.2.2). */
  mark(tag: string): void {
    this.#marks.push(tag === 'Artifact');
  }

  unmark(): void {
    this.#marks.pop();
  }

  show(items: readonly (ShownGlyph | number | null)[]): void {
    if (!this.#marks.includes(true)) this.#sink.show(items, this.text, this.position, this.matrix);
  }

  path(data: ArrayLike<number> | null | undefined, filled: boolean): void {
    if (data) this.#rules.push(...rulesOf(data, this.matrix, filled));
  }

  /** Pictures fill the unit square of their user space (section 8.9.5). */
  image(): void {
    const corners = [apply(this.matrix, 0, 0), apply(this.matrix, 1, 1)];
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    this.#images.push({ left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) });
  }
}

const image: Operation = (self) => self.image();
const restore: Operation = (self) => self.restore();

const OPERATIONS: Readonly<Record<string, Operation | undefined>> = {
  save: (self) => self.save(),
  restore,
  transform: (self, args) => self.concat(matrixOf(args as ArrayLike<number>)),
  paintFormXObjectBegin: (self, [matrix]) => self.begin([matrix]),
  paintFormXObjectEnd: restore,
  beginAnnotation: (self, [, , transform, matrix]) => self.begin([transform, matrix]),
  endAnnotation: restore,
  beginMarkedContent: (self, [tag]) => self.mark(String(tag)),
  beginMarkedContentProps: (self, [tag]) => self.mark(String(tag)),
  endMarkedContent: (self) => self.unmark(),
  beginText: (self) => self.position.begin(),
  setFont: (self, [name, size]) => self.font(String(name), Number(size)),
  setCharSpacing: (self, [value]) => self.set({ characterSpacing: Number(value) }),
  setWordSpacing: (self, [value]) => self.set({ wordSpacing: Number(value) }),
  setHScale: (self, [value]) => self.set({ stretch: Number(value) / 100 }),
  setLeading: (self, [value]) => self.set({ leading: -Number(value) }),
  setTextRise: (self, [value]) => self.set({ rise: Number(value) }),
  setTextMatrix: (self, args) =>
    self.position.begin(matrixOf((args.length === 1 ? args[0] : args) as ArrayLike<number>)),
  moveText: (self, [x, y]) => self.position.moveLine(Number(x), Number(y)),
  setLeadingMoveText: (self, [x, y]) => {
    self.set({ leading: Number(y) });
    self.position.moveLine(Number(x), Number(y));
  },
  nextLine: (self) => self.position.moveLine(0, self.text.leading),
  showText: (self, [items]) => self.show(items as (ShownGlyph | number | null)[]),
  constructPath: (self, [operator, data]) => {
    const path = (data as (ArrayLike<number> | null)[] | null)?.[0];
    if (FILLS.has(Number(operator))) self.path(path, true);
    if (STROKES.has(Number(operator))) self.path(path, false);
  },
  paintImageXObject: image,
  paintInlineImageXObject: image,
  paintImageMaskXObject: image,
  paintSolidColorImageMask: image,
};

/** Numbers of pdf.js's painting operators; every other one (a clip) leaves no ink. */
const STROKES = new Set([20, 21, 24, 25, 26, 27]);
const FILLS = new Set([22, 23, 24, 25, 26, 27]);
