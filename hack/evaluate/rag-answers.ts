/** Answers and refusals: questions asked with their paragraph, without it, and about something else. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRag } from '../../services/rag/test/harness/start-rag.ts';
import { sayProgress } from '../progress/counter.ts';
import { printFigure } from './figure.ts';
import type { Question } from './rag-questions.ts';

const OFF_TOPIC = 150;
/** Where the service refuses by itself. */
const DEFAULT_REFUSAL = 0.3;

export interface Answer {
  confidence: number;
  text: string;
  refused: boolean;
  citations: { document_id: string; start: number; end: number; text: string }[];
}

export async function measureAnswers(service: TestRag, questions: readonly Question[], data: string): Promise<void> {
  const [answered, left]: [Answer[], Answer[]] = [[], []];
  for (const { text, paragraph } of questions) {
    sayProgress(`${answered.length} of ${questions.length} questions, with and without their paragraph`);
    answered.push(await ask(service, text));
    left.push(await ask(service, text, { op: 'ne', field: 'p', value: paragraph }));
  }
  await measureCitations(service, questions, answered);
  const confidences = answered.map(({ confidence }) => confidence).sort((a, b) => a - b);
  for (const percent of [2, 5, 10, 20]) {
    const threshold = confidences[Math.floor((confidences.length * percent) / 100)] ?? 0;
    const refused = left.filter(({ confidence }) => confidence < threshold).length / left.length;
    printFigure(
      `rag.leftout_refusal_at_${percent}`,
      refused,
      `of ${questions.length} questions without their paragraph, those that are refused where ${percent} % of the others are (confidence below ${threshold.toFixed(2)}); the weights were fitted on such questions: by folds of articles 0.89 at 10 %`,
      percent === 10 ? 0.79 : undefined,
    );
  }
  const false_ = answered.filter(({ confidence }) => confidence < DEFAULT_REFUSAL).length / answered.length;
  printFigure(
    'rag.false_refusal',
    false_,
    `questions with their paragraph that are refused by default (confidence below ${DEFAULT_REFUSAL})`,
  );
  await measureOffTopic(service, data);
}

async function measureOffTopic(service: TestRag, data: string): Promise<void> {
  const questions = offTopicQuestions(data, OFF_TOPIC);
  if (questions.length === 0) return console.error('evaluate rag: no questions about something else (banking77)');
  let refused = 0;
  for (const text of questions) refused += Number((await ask(service, text)).confidence < DEFAULT_REFUSAL);
  printFigure(
    'rag.offtopic_refusal',
    refused / questions.length,
    `of ${questions.length} questions about something else, those that are refused by default`,
    0.95,
  );
}

/** Questions of customers of a bank, taken evenly; none where the data is not there. */
export function offTopicQuestions(data: string, count: number): string[] {
  const file = join(data, 'banking77/train.csv');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(1);
  const all = lines.flatMap((line) => /^"?(.+?\?)"?,[^,]+$/.exec(line)?.[1] ?? []);
  return spread(all, count);
}

/** Whether citations stand where they say, to the letter, and whether the quotes hold the known answer. */
async function measureCitations(
  service: TestRag,
  questions: readonly Question[],
  answers: readonly Answer[],
): Promise<void> {
  const sources = new Map<string, { text: string; paragraph: string | null }>();
  let [verbatim, citations, held] = [0, 0, 0];
  for (const [i, answer] of answers.entries()) {
    const { paragraph, start, end } = questions[i] as Question;
    let holds = false;
    for (const citation of answer.citations) {
      const source = sources.get(citation.document_id) ?? (await sourceOf(service, citation.document_id));
      sources.set(citation.document_id, source);
      citations += 1;
      verbatim += Number(source.text.slice(citation.start, citation.end) === citation.text);
      holds ||= source.paragraph === `p${paragraph}` && citation.start <= start && end <= citation.end;
    }
    held += Number(holds);
  }
  printFigure(
    'rag.citations_verbatim',
    verbatim / citations,
    `citations that are a part of their source to the letter, of ${citations}`,
  );
  printFigure(
    'rag.quotes_hold_answer',
    held / answers.length,
    'answers without a generator whose quotes hold the known answer, of at most two sentences',
  );
}

export async function sourceOf(service: TestRag, id: string): Promise<{ text: string; paragraph: string | null }> {
  const path = `/v1/rag/collections/squad/documents/${id}`;
  const [{ text }, { external_id: paragraph }] = await Promise.all([
    service.ask<{ text: string }>('GET', `${path}/text`),
    service.ask<{ external_id: string | null }>('GET', path),
  ]);
  return { text, paragraph };
}

async function ask(service: TestRag, query: string, filter?: object): Promise<Answer> {
  const request = { query, collections: ['squad'], model: null, refuse_below: 0, ...(filter && { filter }) };
  return await service.ask<Answer>('POST', '/v1/rag/answer', request);
}

export function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] as T);
}
