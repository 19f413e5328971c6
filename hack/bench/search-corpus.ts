/** Generated text with the shape of real text: few words make most of it (Zipf's law), lengths vary. */
import { seededDice } from '../../operator/test/harness/seeded-dice.ts';

export interface CorpusDocument {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly topic: string;
  readonly year: number;
}

export interface Corpus {
  readonly documents: readonly CorpusDocument[];
  /** Bytes of the documents' text. */
  readonly bytes: number;
  /** Two to four words that stand together in some document, without the most common ones. */
  query(): string;
}

const VOCABULARY = 60_000;
const COMMON = 40;
const SYLLABLES =
  'ba be bi bo bu da de di do du fa fe ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so ta te ti to va ve vi zo'.split(
    ' ',
  );

/** Makes a corpus; the same seed makes the same one. */
export function generateCorpus(count: number, seed: number): Corpus {
  const random = seededDice(seed);
  const words = Array.from({ length: VOCABULARY }, (_unused, i) => wordOf(i));
  const text = (length: number): string => Array.from({ length }, () => words[zipf(random)] as string).join(' ');
  const documents = Array.from({ length: count }, (_unused, i): CorpusDocument => ({
    id: `document-${i}`,
    title: text(4 + Math.floor(random() * 6)),
    body: text(40 + Math.floor(random() * random() * 240)),
    topic: `topic-${Math.floor(random() * 20)}`,
    year: 1990 + Math.floor(random() * 35),
  }));
  const common = new Set(words.slice(0, COMMON));
  const query = (): string => {
    const document = documents[Math.floor(random() * count)] as CorpusDocument;
    const candidates = document.body.split(' ').filter((word) => !common.has(word));
    const start = Math.floor(random() * Math.max(1, candidates.length - 4));
    return candidates.slice(start, start + 2 + Math.floor(random() * 3)).join(' ');
  };
  const bytes = documents.reduce((sum, { title, body }) => sum + title.length + body.length, 0);
  return { documents, bytes, query };
}

/** A rank from 0 with probability about proportional to 1 / (rank + 2). */
function zipf(random: () => number): number {
  return Math.min(VOCABULARY - 1, Math.floor(2 * (VOCABULARY / 2) ** random()) - 2);
}

function wordOf(index: number): string {
  let rest = index + SYLLABLES.length;
  let word = '';
  while (rest > 0) {
    word += SYLLABLES[rest % SYLLABLES.length] as string;
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return word;
}
