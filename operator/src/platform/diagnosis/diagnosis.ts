/** Why something does not get ready: one word for machines, one sentence that names object and cause for people. */
export interface Diagnosis {
  readonly reason: string;
  readonly message: string;
}

const MAX_WORDS = 600;

/** The end of a text, where programs say why they stopped. */
export function lastWords(text: string): string {
  const words = text.trim();
  return words.length <= MAX_WORDS ? words : `…${words.slice(-MAX_WORDS)}`;
}
