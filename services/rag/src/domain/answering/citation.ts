import type { Span } from '../text/sentences.ts';

/** A place in a passage that a part of an answer rests on: its text is a part of the passage's, to the letter. */
export interface Citation extends Span {
  /** The passage, by its place in the ranking. */
  readonly passage: number;
  readonly text: string;
  /** The part of the answer: [start, end). */
  readonly answerStart: number;
  readonly answerEnd: number;
}

/** A text with what it rests on. */
export interface CitedText {
  readonly text: string;
  readonly citations: readonly Citation[];
}
