import { AppError, events, get, post, reply, routes } from '@genai-platform/common';
import type { Identity, Route } from '@genai-platform/common';
import type { z } from 'zod';
import { AnswerBody, AnswerPath, AnswerReply, KeptAnswer, TraceReply } from '../api/answer-schemas.ts';
import { TraceQuery } from '../api/retrieve-schemas.ts';
import type { StageReply } from '../api/retrieve-schemas.ts';
import type { Answer, AnswerRequest } from '../answers/answer-request.ts';
import type { Deps } from '../deps.ts';
import { isAdmin } from '../principals.ts';
import type { Stage } from '../retrieval/stages.ts';
import { findAnswer } from '../store/answer-rows.ts';
import type { AnswerRow } from '../store/answer-rows.ts';
import { toRequest } from './retrieve.ts';

const ONE = '/v1/rag/answers/:answer';

/** Answers: ask, look at, take a stream up again, see what took how long. */
export const answerRoutes = (deps: Deps): Route[] => routes(ask(deps), getOne(deps), follow(deps), trace(deps));

const ask = ({ answers }: Deps): Route =>
  post(
    '/v1/rag/answer',
    {
      summary: 'Answer a question from documents, with citations, or refuse to',
      description:
        'Quotes the sources where no model is configured to word answers. Every citation is a part of a source to the ' +
        'letter. With `stream`, events that `GET /v1/rag/answers/{answer}/events` takes up again after a `Last-Event-ID`.',
      query: TraceQuery,
      body: AnswerBody,
      reply: AnswerReply,
      produces: ['text/event-stream'],
      scopes: ['rag:read'],
      idempotencyKey: 'none',
    },
    async ({ body, query, identity }) => {
      const run = await answers.begin(identity, toAnswerRequest(body, identity));
      const headers = { 'content-location': `/v1/rag/answers/${run.id}` };
      if (body.stream) return events((after, signal) => run.log.read(after, signal), { headers });
      const answer = await run.done;
      return reply({ ...toReply(answer), ...(query.trace && { trace: run.stages.list.map(toStage) }) }, { headers });
    },
  );

function toAnswerRequest(body: AnswerBody, identity: Identity): AnswerRequest {
  const { model, refuse_below: refuseBelow, max_quotes: maxQuotes } = body;
  return { retrieve: toRequest(body, identity), model, refuseBelow, maxQuotes };
}

const getOne = (deps: Deps): Route =>
  get(
    ONE,
    { summary: 'Get an answer', params: AnswerPath, reply: KeptAnswer, scopes: ['rag:read'] },
    async ({ params, identity }) => {
      const { id, status, answer, problem, createdAt } = await found(deps, identity, params.answer);
      return {
        object: 'rag.kept_answer' as const,
        ...{ id, status },
        answer: answer === null ? null : toReply(answer as Answer),
        error: problem,
        created_at: createdAt.toISOString(),
      };
    },
  );

const follow = (deps: Deps): Route =>
  get(
    `${ONE}/events`,
    {
      summary: 'Follow an answer',
      description: 'From the beginning, or after the event of `Last-Event-ID` or `starting_after`. Ends with `done`.',
      params: AnswerPath,
      produces: ['text/event-stream'],
      scopes: ['rag:read'],
    },
    async ({ params, identity }) => {
      await found(deps, identity, params.answer);
      return events((after, signal) => deps.answers.follow(identity, params.answer, after, signal));
    },
  );

const trace = (deps: Deps): Route =>
  get(
    `${ONE}/trace`,
    { summary: 'See what each stage of an answer took', params: AnswerPath, reply: TraceReply, scopes: ['rag:read'] },
    async ({ params, identity }) => {
      const { id, trace: stages } = await found(deps, identity, params.answer);
      return { object: 'rag.trace' as const, id, stages: (stages as Stage[]).map(toStage) };
    },
  );

/** @throws AppError 404 for an answer that is not there, or somebody else's */
async function found({ db }: Deps, identity: Identity, id: string): Promise<AnswerRow> {
  const row = await findAnswer(db, identity, id);
  if (row !== undefined && (row.subject === identity.subject || isAdmin(identity))) return row;
  throw new AppError('RAG_ANSWER_MISSING', { status: 404, detail: 'there is no such answer, or it has expired' });
}

function toReply({ citations, warnings, ...answer }: Answer): z.input<typeof AnswerReply> {
  return { ...answer, citations: [...citations], warnings: [...warnings] };
}

function toStage({ details, ...stage }: Stage): z.input<typeof StageReply> {
  return { ...stage, details: { ...details } };
}
