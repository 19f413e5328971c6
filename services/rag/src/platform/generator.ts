import { AppError } from '@genai-platform/common';
import type { Clock, ServiceClient } from '@genai-platform/common';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { modelRefused, partMissing } from '../errors.ts';
import type { Caller } from '../store/caller.ts';
import { isRefusal, reasonOf } from './refusal.ts';

const TIMEOUT_MS = 60_000;
const MODELS_TIMEOUT_MS = 5_000;
/** How long what the router serves is taken for known. */
const MODELS_MS = 60_000;
const MAX_TOKENS = 600;
const MAX_CHARACTERS = 20_000;

const Chunk = z.object({
  model: z.string().optional(),
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }) })).default([]),
  error: z.object({ message: z.string() }).optional(),
});
const Models = z.object({
  data: z.array(
    z.object({ id: z.string(), owned_by: z.string().optional(), operations: z.array(z.string()).optional() }),
  ),
});

export interface GenerateRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly signal: AbortSignal;
}

/** Words texts by the chat models of the LLM router. */
export class Generator {
  readonly #router: ServiceClient | undefined;
  readonly #configured: string | undefined;
  readonly #clock: Clock;
  #known: { model: string | undefined; untilMs: number } | undefined;

  constructor(router: ServiceClient | undefined, configured: string | undefined, clock: Clock) {
    this.#router = router;
    this.#configured = configured;
    this.#clock = clock;
  }

  /**
   * Who answers where a request names no model: the configured one, or the first chat model of a provider. The embedded
   * generator is too weak to be trusted with sources: it answers only who asks for it by name.
   */
  async defaultModel(caller: Caller, signal: AbortSignal): Promise<string | undefined> {
    if (this.#configured !== undefined || this.#router === undefined) return this.#configured;
    if (this.#known !== undefined && this.#known.untilMs > this.#clock.now()) return this.#known.model;
    const model = await this.#firstOfProvider(caller, signal).catch(() => undefined);
    signal.throwIfAborted();
    this.#known = { model, untilMs: this.#clock.now() + MODELS_MS };
    return model;
  }

  /** The text as it comes. @throws AppError 422 where the model refuses, 502 where it breaks off */
  async *generate(identity: Caller, { model, messages, signal }: GenerateRequest): AsyncGenerator<string, void, void> {
    if (this.#router === undefined) throw partMissing('LLM router', 'nothing can be worded');
    const json = { model, messages, stream: true, temperature: 0, max_tokens: MAX_TOKENS };
    const reply = await this.#router.call(
      { identity, scopes: ['llm:chat'] },
      { method: 'POST', path: '/v1/chat/completions', json, signal, timeoutMs: TIMEOUT_MS, streaming: true },
    );
    if (isRefusal(reply.status)) throw modelRefused('the model refuses', await reasonOf(reply), '/model');
    if (!reply.ok) {
      reply.discard();
      throw broken(`it answered ${reply.status}`);
    }
    yield* readPieces(reply.body);
  }

  async #firstOfProvider(identity: Caller, signal: AbortSignal): Promise<string | undefined> {
    const reply = await this.#router?.call(
      { identity, scopes: ['llm:read'] },
      { path: '/v1/models', signal, timeoutMs: MODELS_TIMEOUT_MS },
    );
    const models = (await reply?.json(Models))?.data ?? [];
    return models.find(({ owned_by: owner, operations }) => owner !== 'embedded' && operations?.includes('chat'))?.id;
  }
}

async function* readPieces(body: AsyncIterable<unknown>): AsyncGenerator<string, void, void> {
  const pieces: string[] = [];
  let done = false;
  let length = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data === '[DONE]') done = true;
      else pieces.push(pieceOf(data));
    },
  });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes as Uint8Array, { stream: true }));
    for (const piece of pieces.splice(0)) {
      length += piece.length;
      if (piece !== '') yield piece;
    }
    if (done || length > MAX_CHARACTERS) return;
  }
  throw broken('its stream ended too early');
}

function pieceOf(data: string): string {
  const { choices, error } = Chunk.parse(JSON.parse(data));
  if (error !== undefined) throw broken(error.message);
  return choices[0]?.delta.content ?? '';
}

function broken(what: string): AppError {
  return new AppError('RAG_MODEL_BROKEN', { status: 502, detail: `the model broke off: ${what}` });
}
