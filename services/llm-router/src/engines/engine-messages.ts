/** What the process of an engine is asked; each question has an id, and `cancel` takes one back. */
export type EngineQuestion<T> =
  { readonly kind: 'task'; readonly id: number; readonly task: T } | { readonly kind: 'cancel'; readonly id: number };

/** Why a task was not done. The counts are in tokens. */
export type Refusal =
  | {
      readonly reason: 'too-long';
      readonly tokens: number;
      readonly limit: number;
      readonly index: number;
    }
  | { readonly reason: 'failed'; readonly detail: string };

/** What it answers: `ready` once, then parts and one `end` or `refused` for each task. */
export type EngineAnswer<A> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly detail: string }
  | { readonly kind: 'part'; readonly id: number; readonly part: A }
  | { readonly kind: 'end'; readonly id: number; readonly part: A }
  | { readonly kind: 'refused'; readonly id: number; readonly refusal: Refusal };

/** Texts to encode. */
export interface EncodeTask {
  readonly texts: readonly string[];
}

/** One vector after the other, each of `dimensions` numbers and of length 1. */
export interface EncodedTexts {
  readonly vectors: Float32Array;
  readonly tokens: number;
}

/** A prompt, complete with its template, and how to go on from it. */
export interface GenerateTask {
  readonly prompt: string;
  /** With 0 the tokens of the prompt are counted, and no more. */
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
  readonly stop: readonly string[];
  /** GBNF that the text has to follow. */
  readonly grammar?: string;
}

/** A piece of text; the counts are of the whole task so far. */
export interface GeneratedPiece {
  readonly text: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** With the last piece. */
  readonly finish?: 'stop' | 'length';
}
