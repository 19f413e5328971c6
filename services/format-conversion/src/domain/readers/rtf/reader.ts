import iconv from 'iconv-lite';
import { emptyDocument, type Document } from '../../document/document.ts';
import type { Inline, Mark } from '../../document/inline.ts';
import type { LinkTarget, Run } from '../../document/runs.ts';
import { BlockBuilder } from './blocks.ts';
import { Collected } from './collected.ts';
import {
  DESTINATIONS,
  initialParagraph,
  initialState,
  type Destination,
  type ParagraphState,
  type State,
} from './state.ts';
import type { Token } from './tokens.ts';
import { applyWord, isKnownWord } from './words.ts';

/** A text of its own: the body, or the note that is being read inside it. */
interface Frame {
  builder: BlockBuilder;
  runs: Run[];
}

/** Reads the tokens of an RTF file into a document. */
export class RtfReader {
  readonly document: Document = emptyDocument();
  readonly #stack: State[] = [];
  readonly #collected = new Collected();
  readonly #frames: Frame[] = [{ builder: new BlockBuilder(), runs: [] }];
  readonly #links = new Map<string, LinkTarget>();
  #state: State = initialState;
  #paragraph = initialParagraph();
  #bytes: number[] = [];
  /** Characters still to be skipped after a Unicode one. */
  #skip = 0;
  #starred = false;
  #styleId: number | undefined;
  #address: string | undefined;

  take(token: Token): void {
    if (token.kind === 'byte') {
      if (this.#skip > 0) this.#skip -= 1;
      else this.#bytes.push(token.byte);
      return;
    }
    this.#flushBytes();
    if (token.kind === 'open') this.#stack.push(this.#state);
    else if (token.kind === 'close') this.#close();
    else if (token.kind === 'word') this.#word(token.word, token.value);
    else if (token.kind === 'symbol') this.#symbol(token.symbol);
    else if (token.kind === 'text') this.text(token.text);
    this.#starred = token.kind === 'symbol' && token.symbol === '*';
  }

  finish(): Document {
    this.#flushBytes();
    this.endParagraph();
    this.document.blocks = this.#frame.builder.finish();
    return this.document;
  }

  /** Text in the current destination. */
  text(text: string): void {
    const rest = text.slice(this.#skip);
    this.#skip = Math.max(0, this.#skip - text.length);
    if (rest === '' || this.#state.destination === 'skip') return;
    if (this.#isBody()) this.emit({ type: 'text', text: rest });
    else this.#collected.text += rest;
  }

  emit(content: Inline): void {
    if (!this.#isBody() || this.#state.hidden) return;
    this.#frame.runs.push({ content, marks: this.#state.marks, link: this.#linkTarget() });
  }

  unicode(value: number): void {
    this.#skip = 0;
    this.text(String.fromCharCode(value < 0 ? value + 65_536 : value));
    this.#skip = this.#state.fallbackLength;
  }

  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
  }

  mark(mark: Mark, on: boolean): void {
    const others = this.#state.marks.filter((own) => own !== mark);
    this.set({ marks: on ? [...others, mark] : others });
  }

  setParagraph(change: Partial<ParagraphState>): void {
    Object.assign(this.#paragraph, change);
  }

  resetParagraph(): void {
    this.#paragraph = initialParagraph();
  }

  style(id: number | undefined): void {
    if (this.#state.destination === 'styles') this.#styleId = id;
    else this.#paragraph.style = id;
  }

  endParagraph(): void {
    const { style, outlineLevel } = this.#paragraph;
    const level = this.#collected.headingLevel(style, outlineLevel);
    this.#frame.builder.paragraph(this.#frame.runs, this.#paragraph, level);
    this.#frame.runs = [];
    this.#paragraph.marker = '';
  }

  endCell(): void {
    this.#paragraph.inTable = true;
    this.endParagraph();
    this.#frame.builder.cell();
  }

  endRow(): void {
    this.#frame.builder.row();
  }

  picture(mediaType: 'image/png' | 'image/jpeg'): void {
    this.#collected.picture = mediaType;
  }

  /** The result of a field begins: its text leads where the instruction said. */
  fieldResult(): void {
    this.set({ url: this.#address });
    this.#address = undefined;
  }

  get #frame(): Frame {
    return this.#frames.at(-1) as Frame;
  }

  #isBody(): boolean {
    return this.#state.destination === 'body' || this.#state.destination === 'footnote';
  }

  #word(word: string, value: number | undefined): void {
    const destination = DESTINATIONS[word] ?? (this.#starred && !isKnownWord(word) ? 'skip' : undefined);
    if (destination === undefined) applyWord(this, word, value);
    else if (this.#state.destination !== 'skip') this.#enter(destination);
  }

  #enter(destination: Destination): void {
    this.set({ destination });
    if (destination === 'footnote') this.#frames.push({ builder: new BlockBuilder(), runs: [] });
    else this.#collected.text = '';
  }

  #close(): void {
    const { destination } = this.#state;
    this.#state = this.#stack.pop() ?? initialState;
    if (destination === 'styles') this.#collected.style(this.#styleId);
    else if (destination !== this.#state.destination) this.#leave(destination);
  }

  /** Uses what a destination has collected. */
  #leave(destination: Destination): void {
    const text = this.#collected.text.trim();
    if (destination === 'footnote') this.#endNote();
    if (destination === 'instruction') this.#address = this.#collected.hyperlink();
    if (destination === 'marker') this.#paragraph.marker = text === '' ? '•' : text;
    if (destination === 'picture') this.emit(this.#collected.takePicture(this.document));
    if (destination === 'title' && text !== '') this.document.metadata.title = text;
    if (destination === 'author' && text !== '') this.document.metadata.authors = [text];
  }

  #endNote(): void {
    const { builder, runs } = this.#frame;
    builder.paragraph(runs, initialParagraph(), undefined);
    this.#frames.pop();
    const id = String(Object.keys(this.document.footnotes).length + 1);
    this.document.footnotes[id] = builder.finish();
    this.emit({ type: 'footnote', id });
  }

  #symbol(symbol: string): void {
    const text = { '~': '\u00a0', _: '\u2011', '\\': '\\', '{': '{', '}': '}' }[symbol];
    if (text !== undefined) this.text(text);
    else if (symbol === '\n' || symbol === '\r') this.endParagraph();
  }

  #flushBytes(): void {
    if (this.#bytes.length === 0) return;
    const name = `cp${this.#state.codePage}`;
    const text = iconv.decode(Buffer.from(this.#bytes), iconv.encodingExists(name) ? name : 'cp1252');
    this.#bytes = [];
    this.text(text);
  }

  #linkTarget(): LinkTarget | undefined {
    const { url } = this.#state;
    if (url === undefined) return undefined;
    const target = this.#links.get(url) ?? { url };
    this.#links.set(url, target);
    return target;
  }
}
