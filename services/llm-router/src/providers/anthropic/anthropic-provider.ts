import type { ChatChunk, ChatCompletion, ChatRequest } from '../../api/chat-schemas.ts';
import type { EmbeddingReply } from '../../api/embedding-schemas.ts';
import { requireSuccess } from '../http/error-status.ts';
import { readEvents } from '../http/event-reader.ts';
import { parseObject, readText } from '../http/reply-body.ts';
import type { Upstream, UpstreamReply } from '../http/upstream.ts';
import { ProviderError } from '../provider-error.ts';
import { worded, type Call, type ModelInfo, type Provider, type Worded } from '../provider.ts';
import { toCompletion } from './from-anthropic.ts';
import { StreamConverter } from './stream-converter.ts';
import { toAnthropic } from './to-anthropic.ts';

export interface AnthropicProviderOptions {
  readonly name: string;
  readonly kind: string;
  readonly models: readonly ModelInfo[];
  readonly upstream: Upstream;
  /** Of a plain reply, and of one event of a stream. */
  readonly maxReplyBytes: number;
}

/** Anthropic's messages API. */
export class AnthropicProvider implements Provider {
  readonly name: string;
  readonly kind: string;
  readonly models: readonly ModelInfo[];
  readonly #upstream: Upstream;
  readonly #maxReplyBytes: number;

  constructor({ name, kind, models, upstream, maxReplyBytes }: AnthropicProviderOptions) {
    this.name = name;
    this.kind = kind;
    this.models = models;
    this.#upstream = upstream;
    this.#maxReplyBytes = maxReplyBytes;
  }

  async chat(call: Call<ChatRequest>): Promise<Worded<ChatCompletion>> {
    const message = parseObject(await readText(await this.#send(call, false), this.#maxReplyBytes));
    if (!Array.isArray(message['content']))
      throw new ProviderError({ kind: 'protocol', detail: 'the reply has no content' });
    return worded(toCompletion(message, nowSeconds()));
  }

  async *streamChat(call: Call<ChatRequest>): AsyncGenerator<readonly Worded<ChatChunk>[]> {
    const reply = await this.#send(call, true);
    const converter = new StreamConverter(nowSeconds());
    for await (const events of readEvents(reply, this.#maxReplyBytes)) {
      const chunks = events.flatMap(({ data }) => converter.convert(parseObject(data)));
      if (chunks.length > 0) yield chunks;
    }
    if (!converter.complete)
      throw new ProviderError({ kind: 'protocol', detail: 'the stream ended before it was complete' });
  }

  embed(): Promise<Worded<EmbeddingReply>> {
    return Promise.reject(new ProviderError({ kind: 'unavailable', detail: 'the provider makes no embeddings' }));
  }

  async close(): Promise<void> {
    await this.#upstream.close();
  }

  async #send({ model, request, signal }: Call<ChatRequest>, stream: boolean): Promise<UpstreamReply> {
    const body = JSON.stringify({ ...toAnthropic(request, model), stream });
    return await requireSuccess(await this.#upstream.post('/v1/messages', body, signal));
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
