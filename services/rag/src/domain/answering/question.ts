import type { Analyzer } from '@genai-platform/common/retrieval';

/** What kind of words an answer has to have. */
export type AnswerKind = 'number' | 'time' | 'name' | 'any';

/** A question, taken apart. */
export interface Question {
  readonly text: string;
  /** Its terms, with how rare each is among what is searched. */
  readonly terms: ReadonlyMap<string, number>;
  readonly kind: AnswerKind;
}

const KINDS: readonly (readonly [RegExp, AnswerKind])[] = [
  [
    /\bhow (?:many|much|long|far|tall|old|large|big|high|fast|often|deep|wide|heavy)\b|\b(?:what|which) (?:\w+ )?(?:percentage|percent|number|amount|score|age|population)\b/i,
    'number',
  ],
  [/\bwhen\b|\b(?:what|which|in what|in which) (?:year|date|day|month|century|decade|time|period|era)\b/i, 'time'],
  [
    /\bwho(?:m|se)?\b|\bwhere\b|\b(?:what|which) (?:\w+ )?(?:person|man|woman|city|country|state|place|location|name|company|team|king|queen|president|scientist|player|river|region|university|area)\b/i,
    'name',
  ],
];

/** @param worth how rare each term is */
export function parseQuestion(text: string, worth: ReadonlyMap<string, number>): Question {
  const kind = KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'any';
  return { text, terms: worth, kind };
}

const NUMBER =
  /\p{N}|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|hundred|thousand|million|billion|half|third|quarter|dozen|once|twice|several)\b/iu;
const TIME =
  /\b1\d{3}\b|\b20\d{2}\b|\b\d{1,4}\s?(?:BC|AD|BCE|CE)\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|\bcentur(?:y|ies)\b|\b\d+s\b|\b(?:day|week|month|year|decade|spring|summer|autumn|winter|today|night|morning)s?\b/;

/** Whether a text holds, beside the question's own words, the kind of word that the answer has to be. */
export function holdsKind(text: string, { kind, terms }: Question, analyzer: Analyzer): boolean {
  if (kind === 'any') return true;
  if (kind === 'time') return TIME.test(text);
  if (kind === 'number') return NUMBER.test(text);
  let found = false;
  analyzer.analyze(text, ({ term }, start, end) => {
    if (start === 0 || term === undefined || terms.has(term)) return;
    found ||= /^\p{Lu}/u.test(text.slice(start, end));
  });
  return found;
}

/** The question's terms that stand in a text. */
export function termsIn(text: string, { terms }: Question, analyzer: Analyzer): Set<string> {
  const found = new Set<string>();
  analyzer.analyze(text, ({ term }) => {
    if (term !== undefined && terms.has(term)) found.add(term);
  });
  return found;
}

/** How much of the question some of its terms are worth, from 0 to 1. */
export function shareOf(found: ReadonlySet<string>, { terms }: Question): number {
  let [held, all] = [0, 0];
  for (const [term, worth] of terms) {
    all += worth;
    if (found.has(term)) held += worth;
  }
  return all === 0 ? 0 : held / all;
}
