import { post, routes, stream } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { ModerationReply, ModerationRequest } from '../api/moderation-schemas.ts';
import { RerankReply, RerankRequest } from '../api/rerank-schemas.ts';
import type { Deps } from '../deps.ts';
import { callerOf, explained, toClientError } from './exchange.ts';

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const common = { status: 200, maxBodyBytes: MAX_BODY_BYTES, idempotencyKey: 'none', errorFormat: 'openai' } as const;

const rerank = {
  ...common,
  summary: 'Order documents by how well they answer a query',
  description: 'The shape of Cohere and Jina. The embedded model compares vectors, and says so in `method`.',
  tags: ['embeddings'],
  body: RerankRequest,
  replies: { 200: { description: 'The best first', schema: RerankReply } },
  scopes: ['llm:embed'],
} as const;

const moderate = {
  ...common,
  summary: 'Say whether texts are harmful',
  description: 'OpenAI moderations, by a provider with a model for it: no embedded model does this.',
  tags: ['chat'],
  body: ModerationRequest,
  replies: { 200: { description: 'One result for each text', schema: ModerationReply } },
  scopes: ['llm:chat'],
} as const;

/** `/v1/rerank` and `/v1/moderations`. */
export const rankingRoutes = ({ router }: Pick<Deps, 'router'>): Route[] =>
  routes(
    post('/v1/rerank', rerank, async (request) => {
      try {
        const { answer, decision } = await router.rerank(request.body, callerOf(request));
        return stream(answer.text, 'application/json', { headers: explained(decision) });
      } catch (error) {
        throw toClientError(error);
      }
    }),
    post('/v1/moderations', moderate, async (request) => {
      try {
        const { answer, decision } = await router.moderate(request.body, callerOf(request));
        return stream(answer.text, 'application/json', { headers: explained(decision) });
      } catch (error) {
        throw toClientError(error);
      }
    }),
  );
