import { post, routes, stream } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { EmbeddingReply, EmbeddingRequest } from '../api/embedding-schemas.ts';
import type { Deps } from '../deps.ts';
import { callerOf, explained, toClientError } from './exchange.ts';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** `/v1/embeddings`. */
export const embeddingRoutes = ({ router }: Pick<Deps, 'router'>): Route[] =>
  routes(
    post(
      '/v1/embeddings',
      {
        summary: 'Turn texts into vectors',
        tags: ['embeddings'],
        body: EmbeddingRequest,
        maxBodyBytes: MAX_BODY_BYTES,
        status: 200,
        replies: { 200: { description: 'One vector for each text', schema: EmbeddingReply } },
        scopes: ['llm:embed'],
        idempotencyKey: 'none',
        errorFormat: 'openai',
      },
      async (request) => {
        try {
          const { answer, decision } = await router.embed(request.body, callerOf(request));
          return stream(answer.text, 'application/json', { headers: explained(decision) });
        } catch (error) {
          throw toClientError(error);
        }
      },
    ),
  );
