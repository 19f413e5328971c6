import { jobKind, newId } from '@genai-platform/common';
import type { JobKind } from '@genai-platform/common';
import { z } from 'zod';
import type { Answer } from '../answers/answer-request.ts';
import type { Answerer } from '../answers/answerer.ts';
import { DEFAULT_REFUSAL } from '../api/answer-schemas.ts';
import { EvaluateBody } from '../api/evaluate-schemas.ts';
import { meanScores, scoreRanking } from '../domain/evaluation/ranking-scores.ts';
import type { RankingScores } from '../domain/evaluation/ranking-scores.ts';
import type { Mode, RetrieveRequest } from '../retrieval/retrieve-request.ts';
import type { Retriever } from '../retrieval/retriever.ts';
import { Stages } from '../retrieval/stages.ts';
import type { Caller } from '../store/caller.ts';
import { judgeAnswer, summarizeAnswers } from './answer-judgements.ts';
import type { AnswerJudgement, AnswerSummary } from './answer-judgements.ts';

export const EVALUATE = 'evaluate';

/** The request, with the principals that its sender may speak for. */
export const EvaluateInput = EvaluateBody.omit({ webhook: true, principals: true }).extend({
  principals: z.array(z.string()),
});
type EvaluateInput = z.output<typeof EvaluateInput>;
type Case = EvaluateInput['cases'][number];

export interface EvaluateParts {
  readonly retriever: Retriever;
  readonly answerer: Answerer;
}

/** What became of one question. */
interface CaseResult {
  readonly query: string;
  /** By mode, the place of the first relevant document, from 1; null where none was found or none is known. */
  readonly ranks: Readonly<Record<string, number | null>>;
  readonly answer: AnswerJudgement | null;
}

interface ModeResult {
  readonly mode: Mode;
  /** Questions whose relevant documents are known. */
  readonly cases: number;
  readonly scores: RankingScores | null;
  readonly p50_ms: number;
  readonly p95_ms: number;
}

/** The result of the job. */
export interface EvaluationReport {
  readonly modes: readonly ModeResult[];
  readonly answers: AnswerSummary | null;
  readonly cases: readonly CaseResult[];
}

interface Round {
  readonly caller: Caller;
  readonly input: EvaluateInput;
  readonly signal: AbortSignal;
}

/** Chunks that are asked for: several may be of one document. */
const DEPTH = 100;
const ANSWER_PASSAGES = 8;

/** Asks all questions in all modes, and answers them where that is asked for. */
export function evaluateJob(parts: EvaluateParts): JobKind {
  return jobKind(EvaluateInput, async ({ input, identity, signal, progress }): Promise<EvaluationReport> => {
    const round = { caller: identity, input, signal };
    const cases: CaseResult[] = [];
    const rankings = new Map(input.modes.map((mode): [Mode, Ranking[]] => [mode, []]));
    for (const [i, one] of input.cases.entries()) {
      const ranks: Record<string, number | null> = {};
      for (const [mode, all] of rankings) {
        signal.throwIfAborted();
        const ranking = await rank(parts, round, one, mode);
        all.push(ranking);
        ranks[mode] = ranking.rank;
      }
      cases.push({ query: one.query, ranks, answer: input.answers ? await answered(parts, round, one) : null });
      progress((i + 1) / input.cases.length);
    }
    const judgements = cases.flatMap(({ answer }) => answer ?? []);
    return {
      modes: Array.from(rankings, ([mode, all]) => summarize(mode, all)),
      answers: input.answers ? summarizeAnswers(judgements) : null,
      cases,
    };
  });
}

interface Ranking {
  readonly scores: RankingScores | undefined;
  readonly rank: number | null;
  readonly tookMs: number;
}

async function rank({ retriever }: EvaluateParts, round: Round, one: Case, mode: Mode): Promise<Ranking> {
  const stages = new Stages();
  const request = requestOf(round, one, { mode, limit: DEPTH });
  const { passages } = await retriever.retrieve(round.caller, request, stages, round.signal);
  const tookMs = stages.elapsedMs;
  const relevant = new Set(one.relevant);
  const named = passages.map(({ chunk: { documentId, document } }) =>
    document.externalId !== null && relevant.has(document.externalId) ? document.externalId : documentId,
  );
  const ranking = [...new Set(named)].slice(0, round.input.top_k);
  const place = ranking.findIndex((document) => relevant.has(document));
  const scores = relevant.size === 0 ? undefined : scoreRanking(ranking, relevant);
  return { scores, rank: place < 0 ? null : place + 1, tookMs };
}

async function answered({ answerer }: EvaluateParts, round: Round, one: Case): Promise<AnswerJudgement> {
  const { input, caller, signal } = round;
  const [mode = 'hybrid'] = input.modes;
  const retrieve = requestOf(round, one, { mode, limit: ANSWER_PASSAGES });
  const nobody = { emit: () => undefined, describe: () => undefined };
  const context = { id: newId('ans'), caller, stages: new Stages(), signal, ...nobody };
  const refuseBelow = input.refuse_below ?? DEFAULT_REFUSAL;
  const answer: Answer = await answerer.answer(context, { retrieve, model: input.model, refuseBelow, maxQuotes: 2 });
  return judgeAnswer(answer, one);
}

function requestOf(
  { input }: Round,
  { query, filter }: Case,
  { mode, limit }: { mode: Mode; limit: number },
): RetrieveRequest {
  const { collections, principals } = input;
  return { query, collections, principals, filter, mode, limit, candidates: DEPTH };
}

function summarize(mode: Mode, all: readonly Ranking[]): ModeResult {
  const times = all.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? 0;
  const judged = all.flatMap(({ scores }) => scores ?? []);
  return { mode, cases: judged.length, scores: meanScores(judged), p50_ms: at(0.5), p95_ms: at(0.95) };
}
