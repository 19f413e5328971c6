import type { ChatChunk, ChatCompletion, ChatRequest } from '../../api/chat-schemas.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../../api/embedding-schemas.ts';
import { requireSuccess } from '../http/error-status.ts';
import { readEvents } from '../http/event-reader.ts';
import { parseObject, readText } from '../http/reply-body.ts';
import type { Upstream } from '../http/upstream.ts';
import { ProviderError } from '../provider-error.ts';
import type { Call, ModelInfo, Provider, Worded } from '../provider.ts';

export interface OpenAiProviderOptions {
  readonly name: string;
  readonly kind: string;
  readonly models: readonly ModelInfo[];
  readonly upstream: Upstream;
  /** Of a plain reply, and of one event of a stream. */
  readonly maxReplyBytes: number;
}

const DONE = '[DONE]';

/** OpenAI, and everybody who speaks as OpenAI does: what comes and goes is passed on in its own words. */
export class OpenAiProvider implements Provider {
  readonly name: string;
  readonly kind: string;
  readonly models: readonly ModelInfo[];
  readonly #upstream: Upstream;
  readonly #maxReplyBytes: number;

  constructor({ name, kind, models, upstream, maxReplyBytes }: OpenAiProviderOptions) {
    this.name = name;
    this.kind = kind;
    this.models = models;
    this.#upstream = upstream;
    this.#maxReplyBytes = maxReplyBytes;
  }

  async chat({ model, request, signal }: Call<ChatRequest>): Promise<Worded<ChatCompletion>> {
    return await this.#whole<ChatCompletion>('/chat/completions', { ...request, model }, signal, 'choices');
  }

  async *streamChat({ model, request, signal }: Call<ChatRequest>): AsyncGenerator<readonly Worded<ChatChunk>[]> {
    // Usage is always asked for: it is counted, whether the client wants to see it or not.
    const options = { ...request.stream_options, include_usage: true };
    const body = JSON.stringify({ ...request, model, stream: true, stream_options: options });
    const reply = await requireSuccess(await this.#upstream.post('/chat/completions', body, signal));
    let complete = false;
    for await (const events of readEvents(reply, this.#maxReplyBytes)) {
      const chunks: Worded<ChatChunk>[] = [];
      for (const { data } of events) {
        if (data === DONE) {
          complete = true;
          continue;
        }
        const value = toChunk(data);
        complete ||= value.choices.some(({ finish_reason: reason }) => typeof reason === 'string');
        chunks.push({ value, text: data.includes('\n') ? JSON.stringify(value) : data });
      }
      if (chunks.length > 0) yield chunks;
    }
    if (!complete) throw new ProviderError({ kind: 'protocol', detail: 'the stream ended before it was complete' });
  }

  async embed({ model, request, signal }: Call<EmbeddingRequest>): Promise<Worded<EmbeddingReply>> {
    return await this.#whole<EmbeddingReply>('/embeddings', { ...request, model }, signal, 'data');
  }

  async close(): Promise<void> {
    await this.#upstream.close();
  }

  async #whole<T>(path: string, body: object, signal: AbortSignal, list: string): Promise<Worded<T>> {
    const reply = await requireSuccess(await this.#upstream.post(path, JSON.stringify(body), signal));
    const text = await readText(reply, this.#maxReplyBytes);
    const value = parseObject(text);
    if (Array.isArray(value[list])) return { value: value as T, text };
    throw new ProviderError({ kind: 'protocol', detail: `the reply has no ${list}` });
  }
}

/** @throws ProviderError for what is no piece of a completion */
function toChunk(data: string): ChatChunk {
  const value = parseObject(data);
  if ('error' in value)
    throw new ProviderError({ kind: 'unavailable', detail: 'the provider reported an error in the stream' });
  if (!Array.isArray(value['choices']))
    throw new ProviderError({ kind: 'protocol', detail: 'an event has no choices' });
  return value as unknown as ChatChunk;
}
