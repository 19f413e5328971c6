import { answered, post, routes, stream } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { ChatCompletion, ChatRequest } from '../api/chat-schemas.ts';
import type { Deps } from '../deps.ts';
import { callerOf, explained, toClientError } from './exchange.ts';
import { sendStream } from './send-stream.ts';
import { openAiStream } from './stream-format.ts';

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
          const routed = await router.streamChat(body, callerOf(request));
          await sendStream(request, routed, openAiStream(body.stream_options));
          return answered();
        }
        const { answer, decision } = await router.chat(body, callerOf(request));
        return stream(answer.text, 'application/json', { headers: explained(decision) });
      } catch (error) {
        throw toClientError(error);
      }
    }),
  );
