import { answered, post, routes, stream } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { CompletionRequest, TextCompletion } from '../api/completion-schemas.ts';
import type { Deps } from '../deps.ts';
import { callerOf, explained, toClientError } from './exchange.ts';
import { sendStream } from './send-stream.ts';
import { openAiStream } from './stream-format.ts';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

const spec = {
  summary: 'Go on from a text',
  description: 'OpenAI completions; by a model that completes, or by one that chats and is told the prompt.',
  tags: ['chat'],
  body: CompletionRequest,
  maxBodyBytes: MAX_BODY_BYTES,
  status: 200,
  replies: {
    200: {
      description: 'A completion, or its events',
      schema: TextCompletion,
      contentTypes: ['application/json', 'text/event-stream'],
    },
  },
  scopes: ['llm:chat'],
  idempotencyKey: 'none',
  errorFormat: 'openai',
} as const;

/** `/v1/completions`. */
export const completionRoutes = ({ router }: Pick<Deps, 'router'>): Route[] =>
  routes(
    post('/v1/completions', spec, async (request) => {
      const { body } = request;
      try {
        if (body.stream === true) {
          const routed = await router.streamComplete(body, callerOf(request));
          await sendStream(request, routed, openAiStream(body.stream_options));
          return answered();
        }
        const { answer, decision } = await router.complete(body, callerOf(request));
        return stream(answer.text, 'application/json', { headers: explained(decision) });
      } catch (error) {
        throw toClientError(error);
      }
    }),
  );
