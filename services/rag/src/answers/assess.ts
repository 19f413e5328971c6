import { AppError } from '@genai-platform/common';
import type { Analyzer } from '@genai-platform/common/retrieval';
import { answerability } from '../domain/answering/answerability.ts';
import { collectEvidence } from '../domain/answering/evidence.ts';
import { parseQuestion } from '../domain/answering/question.ts';
import { scoreSentences } from '../domain/answering/sentence-scores.ts';
import type { ScoredSentence } from '../domain/answering/sentence-scores.ts';
import type { Embedder } from '../platform/embedder.ts';
import type { Retrieval } from '../retrieval/retriever.ts';
import type { Caller } from '../store/caller.ts';

/** Passages whose evidence is looked at, and those of them whose sentences are. */
const PASSAGES = 5;
const READ_PASSAGES = 3;
/** Sentences that are embedded at most: a long chunk has many. */
const MAX_SENTENCES = 48;

/** What the passages are worth for a question. */
export interface Assessment {
  readonly confidence: number;
  readonly sentences: readonly ScoredSentence[];
  /** Of the sentences to the question; undefined where nothing was embedded. */
  readonly similarities: readonly number[] | undefined;
}

/** Judges whether the passages hold an answer, and reads their sentences. */
export async function assess(
  {
    embedder,
    analyzer,
    caller,
    signal,
  }: { embedder: Embedder; analyzer: Analyzer; caller: Caller; signal: AbortSignal },
  query: string,
  { passages, worth, vector, collections }: Retrieval,
): Promise<Assessment> {
  if (passages.length === 0) return { confidence: 0, sentences: [], similarities: undefined };
  const question = parseQuestion(query, worth);
  const texts = passages.map(({ chunk }) => chunk.text);
  const sentences = scoreSentences(texts.slice(0, READ_PASSAGES), question, analyzer).slice(0, MAX_SENTENCES);
  const model = collections[0]?.space?.model;
  const similarities =
    vector && model ? await nearness({ embedder, caller, signal }, sentences, { model, vector }) : undefined;
  const evidence = collectEvidence(
    question,
    passages.slice(0, PASSAGES).map((passage) => ({ text: passage.chunk.text, similarity: passage.vector })),
    { sentences, similarities },
    analyzer,
  );
  return { confidence: answerability(evidence, similarities !== undefined), sentences, similarities };
}

async function nearness(
  { embedder, caller, signal }: { embedder: Embedder; caller: Caller; signal: AbortSignal },
  sentences: readonly ScoredSentence[],
  { model, vector }: { model: string; vector: ArrayLike<number> },
): Promise<number[] | undefined> {
  try {
    const vectors = await embedder.passages(caller, sentences.map(({ text }) => text), { model, signal }); // prettier-ignore
    return vectors.map((one) => one.reduce((sum, value, i) => sum + value * (vector[i] as number), 0));
  } catch (error) {
    // Words alone decide then, as in retrieval.
    if (signal.aborted || !(error instanceof AppError)) throw error;
    return undefined;
  }
}
