import type { Analyzer } from '@genai-platform/common/retrieval';
import type { Citation } from '../domain/answering/citation.ts';
import { answerScores, quoteAnswer } from '../domain/answering/quote-answer.ts';
import type { Embedder } from '../platform/embedder.ts';
import type { Generator } from '../platform/generator.ts';
import type { Analyzers } from '../retrieval/analyzers.ts';
import type { Passage, Retrieval, Retriever } from '../retrieval/retriever.ts';
import type { Stages } from '../retrieval/stages.ts';
import type { Caller } from '../store/caller.ts';
import type { Answer, AnswerCitation, AnswerRequest } from './answer-request.ts';
import { assess } from './assess.ts';
import type { Assessment } from './assess.ts';
import { writeAnswer } from './write-answer.ts';

export interface AnswererParts {
  readonly retriever: Retriever;
  readonly analyzers: Analyzers;
  readonly embedder: Embedder;
  readonly generator: Generator;
}

/** Hears of an answer while it comes. */
export type Emit = (event: 'retrieval' | 'delta' | 'citation', data: unknown) => void;

export interface AnswerContext {
  readonly id: string;
  readonly caller: Caller;
  readonly stages: Stages;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** A passage as the API shows it. */
  readonly describe: (passage: Passage) => unknown;
}

type Part = Pick<Answer, 'text' | 'method' | 'model' | 'citations' | 'grounded' | 'warnings' | 'refused' | 'refusal'>;

/** Characters of passages that a model is given: small models take few. */
const MAX_PROMPT_CHARACTERS = 6_000;

const NOT_FOUND = 'the sources hold nothing that answers this';

/** Answers questions from passages, or refuses to. */
export class Answerer {
  readonly #parts: AnswererParts;

  constructor(parts: AnswererParts) {
    this.#parts = parts;
  }

  async answer(context: AnswerContext, request: AnswerRequest): Promise<Answer> {
    const { caller, stages, signal, emit } = context;
    const { query } = request.retrieve;
    const found = await this.#parts.retriever.retrieve(caller, request.retrieve, stages, signal);
    emit('retrieval', { passages: found.passages.map(context.describe), legs: found.legs, warnings: found.warnings });
    const analyzer = await this.#parts.analyzers.get(found.collections[0]?.settings.language ?? 'en');
    const assessment = await stages.run('assessment', async (details) => {
      const judged = await assess({ ...this.#parts, analyzer, caller, signal }, query, found);
      Object.assign(details, { confidence: judged.confidence, sentences: judged.sentences.length });
      return judged;
    });
    const { confidence } = assessment;
    const part =
      confidence < request.refuseBelow
        ? refusal(NOT_FOUND)
        : await this.#worded(context, request, { found, assessment, analyzer });
    const warnings = [...found.warnings, ...part.warnings];
    return { object: 'rag.answer', id: context.id, query, ...part, confidence, warnings };
  }

  async #worded(context: AnswerContext, request: AnswerRequest, given: Given): Promise<Part> {
    const { caller, stages, signal } = context;
    const model =
      request.model === undefined ? await this.#parts.generator.defaultModel(caller, signal) : request.model;
    if (model === undefined || model === null) return await stages.run('quotes', () => quoted(context, request, given));
    const { passages } = given.found;
    const write = { model, query: request.retrieve.query, passages: fitting(passages) };
    let cited = 0;
    const say = (text: string, citation: Citation): void => {
      context.emit('delta', { text });
      context.emit('citation', cite(passages, citation, cited++));
    };
    const written = await stages.run('generation', (details) => {
      details['model'] = model;
      return writeAnswer({ generator: this.#parts.generator, analyzer: given.analyzer, caller, signal, say }, write);
    });
    if (written.declined && written.text === '') return refusal('the model finds no answer in the sources');
    if (written.text === '') {
      const quotes = quoted(context, request, given);
      const warning = `nothing that ${model} wrote is said by the sources: they are quoted instead`;
      return { ...quotes, warnings: [warning] };
    }
    const citations = written.citations.map((citation, index) => cite(passages, citation, index));
    const { text, grounded } = written;
    const warnings = grounded < 1 ? ['sentences that the sources do not support were left out'] : [];
    return { text, method: 'generative', model, citations, grounded, warnings, refused: false, refusal: null };
  }
}

interface Given {
  readonly found: Retrieval;
  readonly assessment: Assessment;
  readonly analyzer: Analyzer;
}

function refusal(why: string): Part {
  const nothing = { text: '', method: 'none' as const, model: null, citations: [], grounded: 0, warnings: [] };
  return { ...nothing, refused: true, refusal: why };
}

function quoted({ emit }: AnswerContext, { maxQuotes }: AnswerRequest, { found, assessment }: Given): Part {
  const { sentences, similarities } = assessment;
  const { text, citations } = quoteAnswer(sentences, answerScores(sentences, similarities), maxQuotes);
  const cited = citations.map((citation, index) => cite(found.passages, citation, index));
  for (const { answer_start, answer_end, ...citation } of cited) {
    emit('delta', { text: text.slice(answer_start === 0 ? 0 : answer_start - 1, answer_end) });
    emit('citation', { answer_start, answer_end, ...citation });
  }
  return {
    text,
    method: 'extractive',
    model: null,
    citations: cited,
    grounded: 1,
    warnings: [],
    refused: false,
    refusal: null,
  };
}

function cite(passages: readonly Passage[], citation: Citation, index: number): AnswerCitation {
  const { chunk, collection } = passages[citation.passage] as Passage;
  const { title, url, filename } = chunk.document;
  return {
    index,
    document_id: chunk.documentId,
    chunk_id: `${collection.id}/${chunk.number}`,
    collection_id: collection.id,
    ...{ title, url, filename },
    start: chunk.startAt + citation.start,
    end: chunk.startAt + citation.end,
    text: citation.text,
    answer_start: citation.answerStart,
    answer_end: citation.answerEnd,
  };
}

/** As many of the best passages as a model is given. */
function fitting(passages: readonly Passage[]): { context: string; text: string }[] {
  let room = MAX_PROMPT_CHARACTERS;
  return passages
    .filter(({ chunk }, i) => {
      room -= chunk.text.length;
      return i === 0 || room >= 0;
    })
    .map(({ chunk: { context, text } }) => ({ context, text }));
}
