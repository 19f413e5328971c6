import { tokenize } from '@genai-platform/common/retrieval';
import type { Analyzer } from '@genai-platform/common/retrieval';
import type { FieldAnalyzers } from '../analysis/field-analyzers.ts';
import type { IndexableDocument } from '../document.ts';
import type { IndexSettings } from '../settings.ts';
import { textFields, valueFields } from '../settings.ts';
import { encodeKeywords, encodeNumbers } from './column.ts';
import { Inverter } from './inverter.ts';
import type { Steps } from './inverter.ts';
import { encodeLengths } from './lengths.ts';
import { SegmentLayout, part } from './segment-file.ts';
import type { SegmentFile } from './segment-file.ts';

/** Positions left free between two values of a field, so that no phrase matches across them. */
export const VALUE_GAP = 100;

/** A token's numbers in the inverters that it goes to. */
interface TokenIds {
  readonly term: number;
  readonly word: number;
}

/** A stop word. */
const NONE: TokenIds = { term: -1, word: -1 };

interface FieldState {
  readonly name: string;
  readonly analyzer: Analyzer;
  readonly inverter: Inverter;
  readonly lengths: number[];
  /** Numbers of the tokens met so far: one look-up per token of the text. */
  readonly tokens: Map<string, TokenIds>;
}

/** Inverts documents into one segment: postings per field, words for completion and typos, columns for values. */
export class SegmentBuilder {
  readonly #settings: IndexSettings;
  readonly #fields: readonly FieldState[];
  readonly #words = new Inverter(false);
  /** The last document that each word was seen in: words are counted by document. */
  readonly #lastSeen: number[] = [];
  readonly #documents: IndexableDocument[] = [];

  constructor(settings: IndexSettings, analyzers: FieldAnalyzers) {
    this.#settings = settings;
    this.#fields = textFields(settings).map((name) => ({
      name,
      analyzer: analyzers.get(name) as Analyzer,
      inverter: new Inverter(true),
      lengths: [],
      tokens: new Map(),
    }));
  }

  /** Adds a document; its ordinal is the number of documents added before it. */
  add(document: IndexableDocument): void {
    const ordinal = this.#documents.length;
    this.#documents.push(document);
    for (const field of this.#fields)
      field.lengths.push(this.#invert(field, ordinal, document.texts[field.name] ?? []));
  }

  *finish(): Steps<SegmentFile> {
    const layout = new SegmentLayout();
    const totals: Record<string, number> = {};
    for (const { name, inverter, lengths } of this.#fields) {
      const inverted = yield* inverter.finish();
      layout.add(part.terms(name), inverted.dictionary);
      layout.add(part.documents(name), inverted.documents);
      layout.add(part.positions(name), inverted.positions as Uint8Array);
      layout.add(part.lengths(name), encodeLengths(lengths));
      totals[name] = lengths.reduce((sum, length) => sum + length, 0);
    }
    const words = yield* this.#words.finish();
    layout.add(part.words, words.dictionary);
    layout.add(part.wordDocuments, words.documents);
    this.#addColumns(layout);
    return layout.finish(this.#documents.length, totals);
  }

  /** Adds a field's texts; returns how many words they have. */
  #invert(field: FieldState, ordinal: number, texts: readonly string[]): number {
    const { inverter, tokens } = field;
    let position = 0;
    let length = 0;
    for (const text of texts) {
      tokenize(text, (start, end) => {
        const token = text.slice(start, end);
        const { term, word } = tokens.get(token) ?? this.#meet(token, field);
        if (term >= 0) {
          inverter.add(term, ordinal, position);
          this.#addWord(word, ordinal);
          length++;
        }
        position++;
      });
      position += VALUE_GAP;
    }
    return length;
  }

  #meet(token: string, { analyzer, inverter, tokens }: FieldState): TokenIds {
    const { term, key } = analyzer.form(token);
    const ids = term === undefined ? NONE : { term: inverter.idOf(term), word: this.#words.idOf(key) };
    tokens.set(token, ids);
    return ids;
  }

  #addWord(word: number, ordinal: number): void {
    if (this.#lastSeen[word] === ordinal) return;
    this.#lastSeen[word] = ordinal;
    this.#words.add(word, ordinal, 0);
  }

  #addColumns(layout: SegmentLayout): void {
    for (const name of valueFields(this.#settings)) {
      const keywords = this.#settings.fields[name]?.type === 'keyword';
      const bytes = keywords
        ? encodeKeywords(this.#documents.map((document) => document.keywords[name] ?? []))
        : encodeNumbers(this.#documents.map((document) => document.numbers[name] ?? []));
      layout.add(part.column(name), bytes);
    }
    if (this.#settings.acl) layout.add(part.acl, encodeKeywords(this.#documents.map((document) => document.acl)));
  }
}
