import { post, routes } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { CompletionRequest, TextCompletion } from '../api/completion-schemas.ts';
import type { Deps } from '../deps.ts';
import { answerOpenAi, completionSpec } from './answer-openai.ts';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

const spec = {
  ...completionSpec,
  summary: 'Go on from a text',
  description: 'OpenAI completions; by a model that completes, or by one that chats and is told the prompt.',
  body: CompletionRequest,
  maxBodyBytes: MAX_BODY_BYTES,
  replies: {
    200: {
      description: 'A completion, or its events',
      schema: TextCompletion,
      contentTypes: ['application/json', 'text/event-stream'],
    },
  },
} as const;

/** `/v1/completions`. */
export const completionRoutes = ({ router }: Pick<Deps, 'router'>): Route[] =>
  routes(
    post('/v1/completions', spec, (request) =>
      answerOpenAi(request, {
        whole: (caller) => router.complete(request.body, caller),
        streamed: (caller) => router.streamComplete(request.body, caller),
      }),
    ),
  );
