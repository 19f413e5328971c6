import { answered, AppError, del, empty, events, get, post, reply, routes } from '@genai-platform/common';
import type { EventSource, Identity, Route, RouteRequest } from '@genai-platform/common';
import { z } from 'zod';
import type { ChatRequest } from '../api/chat-schemas.ts';
import { completionChunk } from '../api/completion-chunk.ts';
import { ModelResponse, ResponseRequest, type Item } from '../api/response-schemas.ts';
import type { Deps } from '../deps.ts';
import { keepResponse } from '../responses/keep-response.ts';
import { ResponseBuilder } from '../responses/response-builder.ts';
import { inputItems, responseToChat } from '../responses/to-chat.ts';
import type { StoredResponse } from '../store/response-store.ts';
import { callerOf, explained, toClientError } from './exchange.ts';
import { responseStream } from './response-stream.ts';
import { sendStream } from './send-stream.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const common = { tags: ['responses'], scopes: ['llm:chat'], errorFormat: 'openai' } as const;
const ResponseId = z.object({ id: z.string().max(128) });

const create = {
  ...common,
  summary: 'Answer, and keep the answer',
  description:
    'OpenAI responses: conversations that go on by `previous_response_id`, tools, JSON schemas, streams, work in the background.',
  body: ResponseRequest,
  maxBodyBytes: MAX_BODY_BYTES,
  reply: ModelResponse,
  produces: ['text/event-stream'],
  idempotencyKey: 'none',
} as const;

const read = {
  ...common,
  summary: 'Get a response, or with `stream` its events',
  description:
    'Events are of responses that were made in the background; `starting_after` is the number of the last one that was seen.',
  params: ResponseId,
  query: z.object({
    stream: z.stringbool().optional(),
    starting_after: z.coerce.number().int().min(0).optional(),
  }),
  reply: ModelResponse,
  produces: ['text/event-stream'],
} as const;

/** What a request is asked with. */
interface Asked {
  readonly chat: ChatRequest;
  readonly items: readonly Item[];
  readonly builder: ResponseBuilder;
}

type Create = RouteRequest<typeof create>;

type Parts = Pick<Deps, 'router' | 'responses' | 'background' | 'context'>;

/** `/v1/responses`. */
export function responseRoutes(deps: Parts): Route[] {
  return [...makingRoutes(deps), ...keepingRoutes(deps)];
}

function makingRoutes(deps: Parts): Route[] {
  return routes(
    post('/v1/responses', create, async (request) => {
      try {
        const asked = await prepare(deps, request);
        if (request.body.background === true) return await inBackground(deps, request, asked);
        return await (request.body.stream === true ? streamed(deps, request, asked) : whole(deps, request, asked));
      } catch (error) {
        throw toClientError(error);
      }
    }),
    get('/v1/responses/:id', read, async ({ params, query, identity, signal }) => {
      const found = await findResponse(deps, identity, params.id, signal);
      if (query.stream !== true) return responseOf(found);
      if (!found.background) throw notResumable(params.id);
      return events(eventsOf(deps, identity, params.id), { format: 'plain' });
    }),
  );
}

function keepingRoutes(deps: Parts): Route[] {
  return routes(
    get(
      '/v1/responses/:id/input_items',
      {
        ...common,
        summary: 'List what a response answers',
        params: ResponseId,
        reply: z.object({ object: z.literal('list'), data: z.array(z.looseObject({})), has_more: z.boolean() }),
      },
      async ({ params, identity, signal }) => {
        const { items, response } = await findResponse(deps, identity, params.id, signal);
        const data = items.slice(0, items.length - response.output.length);
        return { object: 'list' as const, data, has_more: false };
      },
    ),
    post(
      '/v1/responses/:id/cancel',
      {
        ...common,
        summary: 'Cancel a response in the background',
        params: ResponseId,
        reply: ModelResponse,
        idempotencyKey: 'none',
      },
      async ({ params, identity, signal }) => {
        await findResponse(deps, identity, params.id, signal);
        await deps.background?.cancel(identity, params.id);
        return responseOf(await findResponse(deps, identity, params.id, signal));
      },
    ),
    del(
      '/v1/responses/:id',
      { ...common, summary: 'Delete a response', params: ResponseId },
      async ({ params, identity, signal }) => {
        await findResponse(deps, identity, params.id, signal);
        await deps.background?.cancel(identity, params.id);
        await deps.responses?.delete(identity, params.id);
        return empty();
      },
    ),
  );
}

async function prepare(deps: Pick<Deps, 'responses' | 'context'>, { body, identity, signal }: Create): Promise<Asked> {
  const before = body.previous_response_id
    ? (await findResponse(deps, identity, body.previous_response_id, signal)).items
    : [];
  const items = [...before, ...inputItems(body.input)];
  const store = body.store !== false && deps.responses !== undefined;
  const builder = new ResponseBuilder(body, { nowMs: deps.context.clock.now(), store });
  return { chat: responseToChat(body, items), items, builder };
}

async function whole(
  { router, responses }: Pick<Deps, 'router' | 'responses'>,
  request: Create,
  { chat, items, builder }: Asked,
) {
  const { answer, decision } = await router.chat(chat, callerOf(request));
  builder.push(completionChunk(answer.value));
  const { identity, log } = request;
  const response = await keepResponse(responses, { response: builder.completed(), items, identity }, log);
  return reply(response, { headers: explained(decision) });
}

async function streamed(
  { router, responses }: Pick<Deps, 'router' | 'responses'>,
  request: Create,
  { chat, items, builder }: Asked,
) {
  const routed = await router.streamChat(chat, callerOf(request));
  const { identity, log } = request;
  const keep = (response: ModelResponse): Promise<ModelResponse> =>
    keepResponse(responses, { response, items, identity }, log);
  await sendStream(request, routed, responseStream(builder, keep));
  return answered();
}

async function inBackground(
  { background, ...deps }: Pick<Deps, 'router' | 'responses' | 'background'>,
  request: Create,
  { chat, items, builder }: Asked,
) {
  if (background === undefined || request.body.store === false) throw notKept();
  const { identity } = request;
  const { signal: _signal, ...caller } = callerOf(request);
  const response = await background.start({ identity, chat, items, builder, caller });
  if (request.body.stream !== true) return response;
  return events(eventsOf({ ...deps, background }, identity, response.id), { format: 'plain' });
}

function eventsOf({ background }: Pick<Deps, 'background'>, identity: Identity, id: string): EventSource {
  return (after, signal) => {
    const number = after === undefined || !/^\d+$/.test(after) ? -1 : Number(after);
    return background?.read(identity, id, number, signal) ?? nothing();
  };
}

async function* nothing(): AsyncGenerator<never> {}

async function findResponse(
  { responses }: Pick<Deps, 'responses'>,
  identity: Identity,
  id: string,
  signal: AbortSignal,
): Promise<StoredResponse> {
  const found = await responses?.find(identity, id, signal);
  if (found !== undefined) return found;
  throw new AppError('LLM_RESPONSE_MISSING', { status: 404, detail: `there is no response "${id}"` });
}

/** One whose process has died will not be completed by anybody. */
function responseOf({ response, abandoned }: StoredResponse): ModelResponse {
  if (!abandoned) return response;
  const error = { code: 'llm_response_abandoned', message: 'the process that made the response has ended: ask again' };
  return { ...response, status: 'failed', error };
}

function notResumable(id: string): AppError {
  const detail = `the response "${id}" was not made in the background: its events are not kept`;
  return new AppError('LLM_NOT_RESUMABLE', { status: 400, detail });
}

function notKept(): AppError {
  return new AppError('LLM_NOT_SUPPORTED', {
    status: 400,
    detail: 'work in the background has to be kept: it needs a database, and store not to be false',
    pointer: '/background',
  });
}
