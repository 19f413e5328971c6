/** Snowball's stemming algorithm for each language (snowballstem.org), by ISO 639-1 code. */
export const STEMMERS = {
  ar: 'arabic',
  ca: 'catalan',
  cs: 'czech',
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  eu: 'basque',
  fi: 'finnish',
  fr: 'french',
  ga: 'irish',
  hu: 'hungarian',
  hy: 'armenian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sl: 'slovene',
  sv: 'swedish',
  ta: 'tamil',
  tr: 'turkish',
} as const;

export type Language = keyof typeof STEMMERS | 'none';

/** The languages an index may name; `none` keeps words as they are. */
export const LANGUAGES: readonly Language[] = ['none', ...(Object.keys(STEMMERS) as (keyof typeof STEMMERS)[])];

interface SnowballModule {
  newStemmer(algorithm: string): { stem(word: string): string };
}

export type Stem = (word: string) => string;

/** The stemmer of a language. The package takes 60 ms to load, so that comes with the first index that needs it. */
export async function loadStemmer(language: Language): Promise<Stem> {
  if (language === 'none') return (word) => word;
  // @ts-expect-error -- the package brings no types
  const module = (await import('snowball-stemmers')) as SnowballModule & { default?: SnowballModule };
  // Where a bundler has put it into a chunk of its own, a CommonJS package has a default export alone.
  const algorithm = (module.default ?? module).newStemmer(STEMMERS[language]);
  return (word) => algorithm.stem(word);
}
