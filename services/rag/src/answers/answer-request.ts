import type { RetrieveRequest } from '../retrieval/retrieve-request.ts';

/** What is asked, checked and complete. */
export interface AnswerRequest {
  readonly retrieve: RetrieveRequest;
  /** Who words the answer; null quotes; where absent, whoever the platform has for it. */
  readonly model: string | null | undefined;
  /** Answers that are less likely than this are refused. */
  readonly refuseBelow: number;
  /** Sentences that are quoted at most. */
  readonly maxQuotes: number;
}

/** A place in a source that a part of the answer rests on. */
export interface AnswerCitation {
  readonly index: number;
  readonly document_id: string;
  readonly chunk_id: string;
  readonly collection_id: string;
  readonly title: string;
  readonly url: string | null;
  readonly filename: string | null;
  /** In UTF-16 units of the text of the document. */
  readonly start: number;
  readonly end: number;
  /** What stands there, to the letter. */
  readonly text: string;
  readonly answer_start: number;
  readonly answer_end: number;
}

export interface Answer {
  readonly object: 'rag.answer';
  readonly id: string;
  readonly query: string;
  readonly text: string;
  /** `extractive`: quoted from the sources; `generative`: worded by the model that is named; `none`: refused. */
  readonly method: 'extractive' | 'generative' | 'none';
  /** Who has worded it; null where nobody has. */
  readonly model: string | null;
  readonly refused: boolean;
  readonly refusal: string | null;
  /** How likely it is that the sources hold the answer. */
  readonly confidence: number;
  /** Share of the model's sentences that the sources support. */
  readonly grounded: number;
  readonly citations: readonly AnswerCitation[];
  readonly warnings: readonly string[];
}
