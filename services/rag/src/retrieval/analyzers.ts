import { createAnalyzer } from '@genai-platform/common/retrieval';
import type { Analyzer, Language } from '@genai-platform/common/retrieval';

/** One analyzer for each language: each remembers some megabytes of words. */
export class Analyzers {
  readonly #known = new Map<Language, Promise<Analyzer>>();

  get(language: Language): Promise<Analyzer> {
    let analyzer = this.#known.get(language);
    if (analyzer === undefined) {
      analyzer = createAnalyzer({ language });
      this.#known.set(language, analyzer);
    }
    return analyzer;
  }
}
