import type { Analyzer } from '../analysis/analyzer.ts';
import type { FieldAnalyzers } from '../analysis/field-analyzers.ts';
import { wordKey } from '../analysis/word-key.ts';
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

interface FieldState {
  readonly name: string;
  readonly analyzer: Analyzer;
  readonly inverter: Inverter;
  readonly lengths: number[];
}

/** Inverts documents into one segment: postings per field, words for completion and typos, columns for values. */
export class SegmentBuilder {
  readonly #settings: IndexSettings;
  readonly #fields: readonly FieldState[];
  readonly #words = new Inverter(false);
  readonly #documents: IndexableDocument[] = [];

  constructor(settings: IndexSettings, analyzers: FieldAnalyzers) {
    this.#settings = settings;
    this.#fields = textFields(settings).map((name) => ({
      name,
      analyzer: analyzers.get(name) as Analyzer,
      inverter: new Inverter(true),
      lengths: [],
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

  #invert({ analyzer, inverter }: FieldState, ordinal: number, texts: readonly string[]): number {
    let base = 0;
    let length = 0;
    for (const text of texts) {
      let last = base;
      analyzer.analyze(text, ({ term, word }, _start, _end, position) => {
        last = base + position;
        if (term === undefined) return;
        inverter.add(term, ordinal, last);
        this.#words.add(wordKey(word, term), ordinal, 0);
        length++;
      });
      base = last + VALUE_GAP;
    }
    return length;
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
