import { post, routes } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { ChatCompletion, ChatRequest } from '../api/chat-schemas.ts';
import type { Deps } from '../deps.ts';
import { answerOpenAi, completionSpec } from './answer-openai.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;

const spec = {
  ...completionSpec,
  summary: 'Answer a conversation',
  description: 'OpenAI chat completions. With `stream`, server-sent events that end in `[DONE]`.',
  body: ChatRequest,
  maxBodyBytes: MAX_BODY_BYTES,
  replies: {
    200: {
      description: 'A completion, or its events',
      schema: ChatCompletion,
      contentTypes: ['application/json', 'text/event-stream'],
    },
  },
} as const;

/** `/v1/chat/completions`. */
export const chatRoutes = ({ router }: Pick<Deps, 'router'>): Route[] =>
  routes(
    post('/v1/chat/completions', spec, (request) =>
      answerOpenAi(request, {
        whole: (caller) => router.chat(request.body, caller),
        streamed: (caller) => router.streamChat(request.body, caller),
      }),
    ),
  );
