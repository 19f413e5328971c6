import { trimmed } from '../chunking/read-blocks.ts';

/** A range of a text: [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** Points after which a sentence goes on: initials and common short forms, which Unicode's rules (UAX 29) do not know. */
const UNFINISHED =
  /(?:^|[\s("'“‘[])(?:\p{Lu}|Dr|Mr|Mrs|Ms|Prof|St|Sr|Jr|vs|etc|approx|ca|cf|No|Nos|Inc|Ltd|Co|Corp|Fig|Figs|Eq|Vol|Gen|Col|Lt|Sgt|Rev|Hon|Gov|Sen|Rep|al|e\.g|i\.e|(?:\p{Lu}\.)+\p{Lu})\.\s*$/u;

/** The sentences of a part of a text, without the white space between them. */
export function sentencesOf(text: string, { start, end }: Span = { start: 0, end: text.length }): Span[] {
  const spans: Span[] = [];
  let from = start;
  for (const { index, segment } of segmenter.segment(text.slice(start, end))) {
    const to = start + index + segment.length;
    if (to < end && !segment.endsWith('\n') && UNFINISHED.test(text.slice(Math.max(from, to - 16), to))) continue;
    const span = trimmed(text, from, to);
    if (span !== undefined) spans.push(span);
    from = to;
  }
  return spans;
}
