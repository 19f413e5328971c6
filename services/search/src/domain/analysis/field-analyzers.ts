import { createAnalyzer } from '@genai-platform/common/retrieval';
import type { Analyzer, Language } from '@genai-platform/common/retrieval';
import { textFields } from '../settings.ts';
import type { IndexSettings } from '../settings.ts';

/** The analyzer of each text field; fields of one language share one. */
export type FieldAnalyzers = ReadonlyMap<string, Analyzer>;

/** Analyzers kept beyond this many are the least recently made; each remembers some megabytes of words. */
const MAX_ANALYZERS = 64;

/** Analyzers by language and stop words: indexes that agree on both share one, and with it the words it remembers. */
export class AnalyzerPool {
  readonly #analyzers = new Map<string, Promise<Analyzer>>();

  /** The analyzers that an index's settings ask for. */
  async forFields(settings: IndexSettings): Promise<FieldAnalyzers> {
    const byField = new Map<string, Analyzer>();
    for (const name of textFields(settings)) {
      const field = settings.fields[name];
      const language = (field?.type === 'text' ? field.language : undefined) ?? settings.language;
      byField.set(name, await this.#get(language as Language, settings.stop_words));
    }
    return byField;
  }

  #get(language: Language, stopWords: readonly string[] | undefined): Promise<Analyzer> {
    const key = JSON.stringify([language, stopWords]);
    const analyzer = this.#analyzers.get(key) ?? createAnalyzer({ language, stopWords });
    this.#analyzers.delete(key);
    this.#analyzers.set(key, analyzer);
    for (const oldest of this.#analyzers.keys()) {
      if (this.#analyzers.size <= MAX_ANALYZERS) break;
      this.#analyzers.delete(oldest);
    }
    return analyzer;
  }
}
