import { textFields } from '../settings.ts';
import type { IndexSettings } from '../settings.ts';
import { createAnalyzer } from './analyzer.ts';
import type { Analyzer } from './analyzer.ts';
import type { Language } from './languages.ts';

/** The analyzer of each text field; fields of one language share one. */
export type FieldAnalyzers = ReadonlyMap<string, Analyzer>;

/** Makes the analyzers that an index's settings ask for. */
export async function createFieldAnalyzers(settings: IndexSettings): Promise<FieldAnalyzers> {
  const byLanguage = new Map<string, Analyzer>();
  const byField = new Map<string, Analyzer>();
  for (const name of textFields(settings)) {
    const field = settings.fields[name];
    const language = (field?.type === 'text' ? field.language : undefined) ?? settings.language;
    const analyzer =
      byLanguage.get(language) ??
      (await createAnalyzer({ language: language as Language, stopWords: settings.stop_words }));
    byLanguage.set(language, analyzer);
    byField.set(name, analyzer);
  }
  return byField;
}
