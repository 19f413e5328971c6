import type { Analyzer } from '@genai-platform/common/retrieval';
import type { IndexSettings } from '../settings.ts';

/** Terms of a rule's side, in order. */
export type TermSequence = readonly string[];

/** Synonym rules by what they start from, compared as terms so that "cars" meets a rule about "car". */
export class Synonyms {
  readonly #targets = new Map<string, TermSequence[]>();
  #longest = 0;

  constructor(rules: IndexSettings['synonyms'], analyzer: Analyzer) {
    const terms = (text: string): TermSequence => {
      const sequence: string[] = [];
      analyzer.analyze(text, ({ term }) => {
        if (term !== undefined) sequence.push(term);
      });
      return sequence;
    };
    for (const rule of rules) {
      const from = (Array.isArray(rule) ? rule : rule.from).map(terms);
      const to = (Array.isArray(rule) ? rule : rule.to).map(terms);
      for (const source of from) for (const target of to) this.#add(source, target);
    }
  }

  /** Words of the longest left side. */
  get longest(): number {
    return this.#longest;
  }

  /** What may be said instead of exactly these terms. */
  of(terms: TermSequence): readonly TermSequence[] {
    return this.#targets.get(terms.join(' ')) ?? [];
  }

  #add(source: TermSequence, target: TermSequence): void {
    const key = source.join(' ');
    if (source.length === 0 || target.length === 0 || key === target.join(' ')) return;
    const known = this.#targets.get(key) ?? [];
    this.#targets.set(key, [...known, target]);
    this.#longest = Math.max(this.#longest, source.length);
  }
}
