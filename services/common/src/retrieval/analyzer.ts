import { foldAccents, lowerCase } from './fold.ts';
import { loadStemmer } from './languages.ts';
import type { Language, Stem } from './languages.ts';
import { stopWords } from './stop-words.ts';
import { tokenize } from './tokenizer.ts';
import { wordKey } from './word-key.ts';

/** Longer words are cut: nobody types them, and a base64 blob must not become a term of a megabyte. */
const MAX_WORD_LENGTH = 64;
/** Forms kept in one generation; a collection's vocabulary grows with the square root of its length (Heaps' law). */
const MAX_FORMS = 40_000;

/** What a word is indexed as. Stop words have no term: they take a position and nothing else. */
export interface WordForm {
  /** Lower case without accents, not stemmed: what completions show and typos are compared with. */
  readonly word: string;
  /** The stem, without accents: what postings are kept for. */
  readonly term: string | undefined;
  /** Word and term as one key of the word dictionary; empty for a stop word. */
  readonly key: string;
}

export type VisitForm = (form: WordForm, start: number, end: number, position: number) => void;

export interface AnalyzerSettings {
  readonly language: Language;
  /** Replaces the language's own list. */
  readonly stopWords?: readonly string[] | undefined;
}

const ELISIONS: Partial<Record<Language, RegExp>> = {
  fr: /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]/u,
  it: /^(?:[cdlmnstv]|un|all|dell|dall|nell|sull|quell)['’]/u,
  ca: /^[dlmnst]['’]/u,
};

/** Turns text into terms: tokenizer, lower case, stop words, stemming, accent folding, in Lucene's order. */
export class Analyzer {
  readonly #language: Language;
  readonly #stem: Stem;
  readonly #stopWords: ReadonlySet<string>;
  #forms = new Map<string, WordForm>();
  #olderForms = new Map<string, WordForm>();

  constructor(settings: AnalyzerSettings, stem: Stem) {
    this.#language = settings.language;
    this.#stem = stem;
    this.#stopWords = settings.stopWords
      ? new Set(settings.stopWords.map((word) => lowerCase(word, settings.language)))
      : stopWords(settings.language);
  }

  /** Visits every word with its form, its range in the text and its position (stop words count). */
  analyze(text: string, visit: VisitForm): void {
    let position = 0;
    tokenize(text, (start, end) => visit(this.form(text.slice(start, end)), start, end, position++));
  }

  /**
   * The form of one token as it stands in the text. Remembered, because the same few thousand words make most of any
   * text: in two generations, so that a full memory forgets what was not used lately and not everything.
   */
  form(token: string): WordForm {
    const known = this.#forms.get(token);
    if (known) return known;
    const form = this.#olderForms.get(token) ?? this.#derive(token);
    if (this.#forms.size >= MAX_FORMS) {
      this.#olderForms = this.#forms;
      this.#forms = new Map();
    }
    this.#forms.set(token, form);
    return form;
  }

  #derive(token: string): WordForm {
    const lower = lowerCase(token, this.#language).slice(0, MAX_WORD_LENGTH);
    const elided = lower.replace(ELISIONS[this.#language] ?? /^$/, '');
    const bare = this.#language === 'en' ? elided.replace(/['’]s$/, '') : elided;
    const word = foldAccents(bare);
    if (this.#stopWords.has(lower) || this.#stopWords.has(bare) || bare === '')
      return { word, term: undefined, key: '' };
    const term = foldAccents(this.#stem(bare));
    return { word, term, key: wordKey(word, term) };
  }
}

/** An analyzer with the stemmer of its language. */
export async function createAnalyzer(settings: AnalyzerSettings): Promise<Analyzer> {
  return new Analyzer(settings, await loadStemmer(settings.language));
}
