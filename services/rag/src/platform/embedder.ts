import { AppError } from '@genai-platform/common';
import type { HttpReply, ServiceClient } from '@genai-platform/common';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { promptedText } from '../domain/text/embedding-prompts.ts';
import { modelRefused, partMissing } from '../errors.ts';
import type { Caller } from '../store/caller.ts';
import { isRefusal, refusalOf } from './refusal.ts';

const BATCH = 64;
const QUERY_TIMEOUT_MS = 10_000;
const BATCH_TIMEOUT_MS = 120_000;
const REMEMBERED_QUERIES = 2_000;
/** Of a vector whose numbers are all zero nothing can be said. */
const LEAST_LENGTH = 1e-12;
/** OpenAI's code for it, which the router gives too. */
const TOO_LONG = 'context_length_exceeded';
/** Characters: no model takes less. */
const LEAST_PART = 64;

const Reply = z.object({
  data: z.array(z.object({ index: z.number().int().min(0), embedding: z.union([z.string(), z.array(z.number())]) })),
});

export interface EmbedOptions {
  readonly model: string;
  readonly signal: AbortSignal;
  /** Called after each batch with how much is done, from 0 to 1. */
  readonly progress?: (share: number) => void;
}

/** Turns texts into vectors of length 1, by the models of the LLM router. */
export class Embedder {
  readonly #router: ServiceClient | undefined;
  readonly #queries = new LRUCache<string, Float32Array>({ max: REMEMBERED_QUERIES });

  constructor(router: ServiceClient | undefined) {
    this.#router = router;
  }

  /** Vectors of passages, in their order. @throws AppError 422 when the model refuses, 502, 503, 504 */
  async passages(caller: Caller, texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (let from = 0; from < texts.length; from += BATCH) {
      const batch = texts.slice(from, from + BATCH).map((text) => promptedText(options.model, text, 'passage'));
      vectors.push(...(await this.#embed(caller, batch, options, BATCH_TIMEOUT_MS)));
      options.progress?.(Math.min(1, (from + BATCH) / texts.length));
    }
    return vectors;
  }

  /** The vector of a question. The latest are remembered, by tenant. */
  async query(caller: Caller, text: string, options: EmbedOptions): Promise<Float32Array> {
    const key = JSON.stringify([caller.tenant, options.model, text]);
    const known = this.#queries.get(key);
    if (known !== undefined) return known;
    const prompted = promptedText(options.model, text, 'query');
    const [vector] = await this.#embed(caller, [prompted], options, QUERY_TIMEOUT_MS);
    this.#queries.set(key, vector);
    return vector as Float32Array;
  }

  /** One request; where one of its texts is too long for the model, one for each, with that one in parts. */
  async #embed(
    caller: Caller,
    texts: readonly string[],
    options: EmbedOptions,
    timeoutMs: number,
  ): Promise<Float32Array[]> {
    const reply = await this.#ask(caller, texts, options, timeoutMs);
    if (!isRefusal(reply.status)) return vectorsOf(await reply.json(Reply), texts.length);
    const { code, reason } = await refusalOf(reply);
    if (code !== TOO_LONG) throw modelRefused('the embedding model refuses', reason);
    const [first = ''] = texts;
    if (texts.length === 1) return [await this.#embedParts(caller, first, options, timeoutMs)];
    const vectors: Float32Array[] = [];
    for (const text of texts) vectors.push(...(await this.#embed(caller, [text], options, timeoutMs)));
    return vectors;
  }

  /** A text that is longer than the model takes points where its halves do together. */
  async #embedParts(caller: Caller, text: string, options: EmbedOptions, timeoutMs: number): Promise<Float32Array> {
    const space = text.lastIndexOf(' ', text.length / 2);
    const middle = space > 0 ? space : Math.floor(text.length / 2);
    if (middle < LEAST_PART) throw modelRefused('the embedding model refuses', 'a text is too long for it');
    const halves = [text.slice(0, middle), text.slice(middle)];
    const [first, second] = await this.#embed(caller, halves, options, timeoutMs);
    return unitVector(Array.from(first as Float32Array, (value, i) => value + ((second as Float32Array)[i] as number)));
  }

  async #ask(
    identity: Caller,
    input: readonly string[],
    { model, signal }: EmbedOptions,
    timeoutMs: number,
  ): Promise<HttpReply> {
    if (this.#router === undefined) throw partMissing('LLM router', 'texts cannot be embedded');
    return await this.#router.call(
      { identity, scopes: ['llm:embed'] },
      {
        method: 'POST',
        path: '/v1/embeddings',
        json: { model, input, encoding_format: 'base64' },
        signal,
        timeoutMs,
        retry: true,
      },
    );
  }
}

function vectorsOf({ data }: z.output<typeof Reply>, count: number): Float32Array[] {
  const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => unitVector(embedding));
  if (vectors.length === count) return vectors;
  throw new AppError('UPSTREAM_FAILED', { status: 502, detail: 'the model gave another number of vectors than texts' });
}

/** @throws AppError 502 for what has no direction */
function unitVector(embedding: string | number[]): Float32Array {
  const vector = typeof embedding === 'string' ? floats(embedding) : Float32Array.from(embedding);
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!(length > LEAST_LENGTH)) {
    throw new AppError('UPSTREAM_FAILED', { status: 502, detail: 'the model gave a vector without a direction' });
  }
  return vector.map((value) => value / length);
}

function floats(base64: string): Float32Array {
  // A Buffer may start anywhere in its memory; floats must be aligned.
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}
