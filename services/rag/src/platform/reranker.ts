import type { ServiceClient } from '@genai-platform/common';
import { z } from 'zod';
import { modelRefused } from '../errors.ts';
import type { Caller } from '../store/caller.ts';
import { isRefusal, reasonOf } from './refusal.ts';

const TIMEOUT_MS = 20_000;
const Reply = z.object({
  model: z.string().optional(),
  results: z.array(z.object({ index: z.number().int().min(0), relevance_score: z.number() })),
});

/** Texts in the order of a reranker, best first, and who it was. */
export interface Reranking {
  readonly model: string;
  readonly order: readonly { readonly index: number; readonly score: number }[];
}

/** Reranks by a model of the LLM router (the shape of Cohere's and Jina's APIs). */
export class Reranker {
  readonly #router: ServiceClient | undefined;
  readonly #model: string | undefined;

  /** @param model what reranks where a request names none */
  constructor(router: ServiceClient | undefined, model: string | undefined) {
    this.#router = router;
    this.#model = model;
  }

  /** Undefined where no model is named, or the router reranks nothing. @throws AppError 422 where the model refuses */
  async rerank(
    identity: Caller,
    { query, texts, model = this.#model }: { query: string; texts: readonly string[]; model?: string | undefined },
    signal: AbortSignal,
  ): Promise<Reranking | undefined> {
    if (this.#router === undefined || model === undefined) return undefined;
    const json = { model, query, documents: texts, top_n: texts.length };
    const reply = await this.#router.call(
      { identity, scopes: ['llm:embed', 'llm:chat', 'llm:rerank'] },
      { method: 'POST', path: '/v1/rerank', json, signal, timeoutMs: TIMEOUT_MS, retry: true },
    );
    if (isRefusal(reply.status)) throw modelRefused('the rerank model refuses', await reasonOf(reply), '/rerank/model');
    const { model: used = model, results } = await reply.json(Reply);
    const order = results
      .filter(({ index }) => index < texts.length)
      .map(({ index, relevance_score: score }) => ({ index, score }))
      .sort((a, b) => b.score - a.score);
    return { model: used, order };
  }
}
