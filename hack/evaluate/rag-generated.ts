/** Answers that the embedded generator words: on a sample, for it writes some thirty tokens a second. */
import type { TestRag } from '../../services/rag/test/harness/start-rag.ts';
import { sayProgress } from '../progress/counter.ts';
import { printFigure } from './figure.ts';
import { offTopicQuestions, sourceOf, spread, type Answer } from './rag-answers.ts';
import type { Question } from './rag-questions.ts';

const MODEL = 'smollm2-135m-instruct';
const SAMPLE = 30;
/** Passages that it is given: a small model takes few. */
const PASSAGES = 3;

interface Generated extends Answer {
  readonly method: string;
}

interface Tally {
  citations: number;
  verbatim: number;
  worded: number;
  refused: number;
}

/** Questions with their paragraph, without it, and about something else, with what the service refuses by default. */
export async function measureGenerated(service: TestRag, all: readonly Question[], data: string): Promise<void> {
  const questions = spread(all, SAMPLE);
  const startedMs = performance.now();
  const own = await tally(service, questions.map(({ text }) => ({ query: text }))); // prettier-ignore
  const without = await tally(
    service,
    questions.map(({ text, paragraph: value }) => ({ query: text, filter: { op: 'ne', field: 'p', value } })),
  );
  const other = await tally(service, offTopicQuestions(data, SAMPLE).map((query) => ({ query }))); // prettier-ignore
  const seconds = (performance.now() - startedMs) / 1_000;
  const [citations, verbatim, worded] = (['citations', 'verbatim', 'worded'] as const).map((name) =>
    [own, without, other].reduce((sum, one) => sum + one[name], 0),
  ) as [number, number, number];
  const of = `of ${questions.length} questions, with ${MODEL} as the generator`;
  printFigure('rag.generator.citations_verbatim', verbatim / citations, `of ${citations} citations, those that are a part of their source to the letter`); // prettier-ignore
  printFigure('rag.generator.worded', own.worded / questions.length, `${of}: answers in its own words that the sources support; the others are quoted`); // prettier-ignore
  printFigure('rag.generator.false_refusal', own.refused / questions.length, `${of}: refused though their paragraph is there`); // prettier-ignore
  printFigure('rag.generator.leftout_refusal', without.refused / questions.length, `${of}: refused where their paragraph is left out`); // prettier-ignore
  printFigure('rag.generator.offtopic_refusal', other.refused / SAMPLE, `of ${SAMPLE} questions about something else: refused`, 0.95); // prettier-ignore
  printFigure('rag.generator.seconds_per_answer', seconds / Math.max(1, worded), 'all of it, for each answer that it has worded'); // prettier-ignore
}

async function tally(service: TestRag, requests: readonly object[]): Promise<Tally> {
  const sum: Tally = { citations: 0, verbatim: 0, worded: 0, refused: 0 };
  for (const [i, request] of requests.entries()) {
    sayProgress(`${MODEL}: ${i} of ${requests.length} questions`);
    const asked = { ...request, collections: ['squad'], model: MODEL, top_k: PASSAGES };
    const answer = await service.ask<Generated>('POST', '/v1/rag/answer', asked);
    sum.refused += Number(answer.refused);
    sum.worded += Number(answer.method === 'generative');
    for (const { document_id: id, start, end, text } of answer.citations) {
      sum.citations += 1;
      sum.verbatim += Number((await sourceOf(service, id)).text.slice(start, end) === text);
    }
  }
  return sum;
}
