import type { ChatChunk, ChatCompletion, ChatRequest } from '../../api/chat-schemas.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../../api/embedding-schemas.ts';
import { estimatedTokens } from '../../api/token-estimate.ts';
import { tokenTexts } from '../../api/token-texts.ts';
import { wordVector } from '../../api/word-vector.ts';
import { readEvents } from '../http/event-reader.ts';
import { HttpProvider } from '../http/http-provider.ts';
import { parseObject } from '../http/reply-body.ts';
import { ProviderError, endedEarly } from '../provider-error.ts';
import { worded, type Call, type Provider, type Worded } from '../provider.ts';
import { GeminiStream, toCompletion, type GeminiReply } from './from-gemini.ts';
import { toGemini } from './to-gemini.ts';

/** Google's Gemini API. */
export class GoogleProvider extends HttpProvider implements Provider {
  async chat({ model, request, signal }: Call<ChatRequest>): Promise<Worded<ChatCompletion>> {
    const path = `/models/${encodeURIComponent(model)}:generateContent`;
    const { value } = await this.ask<GeminiReply>(path, toGemini(request), { signal });
    if (value.candidates === undefined && value.promptFeedback === undefined) {
      throw new ProviderError({ kind: 'protocol', detail: 'the reply has no candidates' });
    }
    return worded(toCompletion(value, model, nowSeconds()));
  }

  async *streamChat({ model, request, signal }: Call<ChatRequest>): AsyncGenerator<readonly Worded<ChatChunk>[]> {
    const path = `/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`;
    const reply = await this.send(path, toGemini(request), { signal });
    const stream = new GeminiStream(model, nowSeconds());
    for await (const events of readEvents(reply, this.maxReplyBytes)) {
      yield events.map(({ data }) => worded(stream.push(pieceOf(data))));
    }
    if (!stream.complete) throw endedEarly();
    yield [worded(stream.usage())];
  }

  async embed({ model, request, signal }: Call<EmbeddingRequest>): Promise<Worded<EmbeddingReply>> {
    const { dimensions, encoding_format: format } = request;
    const requests = (await tokenTexts(request.input)).map((text) => ({
      model: `models/${model}`,
      content: { parts: [{ text }] },
      ...(typeof dimensions === 'number' && { outputDimensionality: dimensions }),
    }));
    const path = `/models/${encodeURIComponent(model)}:batchEmbedContents`;
    const { value } = await this.ask<Embedded>(path, { requests }, { signal, list: 'embeddings' });
    const data = value.embeddings.map(({ values }, index) => ({
      object: 'embedding' as const,
      index,
      embedding: wordVector(Float32Array.from(values), format),
    }));
    return worded({ object: 'list', data, model, usage: embeddingUsage(value, request) });
  }

  async countTokens({ model, request, signal }: Call<ChatRequest>): Promise<number> {
    const name = encodeURIComponent(model);
    const generateContentRequest = { model: `models/${model}`, ...toGemini(request) };
    const { value } = await this.ask<{ totalTokens?: unknown }>(
      `/models/${name}:countTokens`,
      { generateContentRequest },
      { signal },
    );
    if (typeof value.totalTokens === 'number') return value.totalTokens;
    throw new ProviderError({ kind: 'protocol', detail: 'the reply has no totalTokens' });
  }
}

interface Embedded {
  readonly embeddings: readonly { readonly values: number[] }[];
  readonly usageMetadata?: { readonly promptTokenCount?: number };
}

/** Not all models tell tokens (https://ai.google.dev/api/embeddings#EmbeddingUsageMetadata); an estimate says that it is one. */
function embeddingUsage({ usageMetadata }: Embedded, { input }: EmbeddingRequest): EmbeddingReply['usage'] {
  const told = usageMetadata?.promptTokenCount;
  const tokens = told ?? estimatedTokens(input);
  return { prompt_tokens: tokens, total_tokens: tokens, ...(told === undefined && { estimated: true }) };
}

function pieceOf(data: string): GeminiReply {
  const value = parseObject(data);
  if (!('error' in value)) return value;
  throw new ProviderError({ kind: 'unavailable', detail: 'the provider reported an error in the stream' });
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
