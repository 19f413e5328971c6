import { detectAll } from 'tinyld';

export interface LanguageFinding {
  /** ISO 639-1. */
  code: string;
  /** 0 to 1; a hint, not a proof. */
  confidence: number;
}

const SAMPLE_CHARACTERS = 4_000;
/** Fewer letters do not tell languages apart. */
const MIN_LETTERS = 12;

/** The language that the text is probably written in; undefined when it says too little. */
export function detectLanguage(text: string): LanguageFinding | undefined {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  if ((sample.match(/\p{L}/gu)?.length ?? 0) < MIN_LETTERS) return undefined;
  const [best] = detectAll(sample);
  return best && { code: best.lang, confidence: Number(best.accuracy.toFixed(3)) };
}
