import { answered, AppError, post, renderError, routes, stream, toAppError, exchangeOf } from '@genai-platform/common';
import type { Route, RouteRequest } from '@genai-platform/common';
import { ChatCompletion, ChatRequest } from '../api/chat-schemas.ts';
import type { Deps } from '../deps.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { RoutedStream } from '../routing/router.ts';
import { eventStreamHeaders, writeBatches } from './chat-stream.ts';
import { callerOf, explained, toClientError } from './exchange.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;

const spec = {
  summary: 'Answer a conversation',
  description: 'OpenAI chat completions. With `stream`, server-sent events that end in `[DONE]`.',
  tags: ['chat'],
  body: ChatRequest,
  maxBodyBytes: MAX_BODY_BYTES,
  status: 200,
  replies: {
    200: {
      description: 'A completion, or its events',
      schema: ChatCompletion,
      contentTypes: ['application/json', 'text/event-stream'],
    },
  },
  scopes: ['llm:chat'],
  idempotencyKey: 'none',
  errorFormat: 'openai',
} as const;

/** `/v1/chat/completions`. */
export const chatRoutes = ({ router }: Pick<Deps, 'router'>): Route[] =>
  routes(
    post('/v1/chat/completions', spec, async (request) => {
      const { body } = request;
      try {
        if (body.stream === true) {
          await sendStream(request, await router.streamChat(body, callerOf(request)));
          return answered();
        }
        const { answer, decision } = await router.chat(body, callerOf(request));
        return stream(answer.text, 'application/json', { headers: explained(decision) });
      } catch (error) {
        throw toClientError(error);
      }
    }),
  );

/** Sends the events. One that breaks off ends with an event that says so, and then abnormally: never as if it were complete. */
async function sendStream({ body, req, res, log }: RouteRequest<typeof spec>, routed: RoutedStream): Promise<void> {
  res.writeHead(200, { ...eventStreamHeaders, ...explained(routed.decision) });
  try {
    await writeBatches(res, routed.batches(), body);
    routed.finish();
    res.end('data: [DONE]\n\n');
  } catch (error) {
    routed.finish(error);
    if (res.destroyed) return;
    const failure = broken(error);
    exchangeOf(res).errorCode = failure.code;
    log.warn({ target: routed.decision.target, reason: routed.decision.broken_by }, 'a stream broke off');
    const { body: text = '' } = renderError(req, exchangeOf(res), failure);
    res.write(`data: ${Buffer.from(text).toString()}\n\n`, () => res.destroy());
  }
}

function broken(error: unknown): AppError {
  if (!(error instanceof ProviderError)) return toAppError(error);
  return new AppError('LLM_STREAM_BROKEN', {
    status: 502,
    detail: `the stream broke off: ${error.message}`,
    cause: error,
  });
}
