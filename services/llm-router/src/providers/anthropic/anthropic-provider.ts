import type { ChatChunk, ChatCompletion, ChatRequest } from '../../api/chat-schemas.ts';
import { readEvents } from '../http/event-reader.ts';
import { HttpProvider } from '../http/http-provider.ts';
import { parseObject } from '../http/reply-body.ts';
import { ProviderError } from '../provider-error.ts';
import { worded, type Call, type Provider, type Worded } from '../provider.ts';
import { toCompletion } from './from-anthropic.ts';
import { StreamConverter } from './stream-converter.ts';
import { toAnthropic } from './to-anthropic.ts';

/** Anthropic's messages API. */
export class AnthropicProvider extends HttpProvider implements Provider {
  async chat({ model, request, signal }: Call<ChatRequest>): Promise<Worded<ChatCompletion>> {
    const body = { ...toAnthropic(request, model), stream: false };
    const { value } = await this.ask<Record<string, unknown>>('/v1/messages', body, { signal, list: 'content' });
    return worded(toCompletion(value, nowSeconds()));
  }

  async *streamChat({ model, request, signal }: Call<ChatRequest>): AsyncGenerator<readonly Worded<ChatChunk>[]> {
    const reply = await this.send('/v1/messages', { ...toAnthropic(request, model), stream: true }, signal);
    const converter = new StreamConverter(nowSeconds());
    for await (const events of readEvents(reply, this.maxReplyBytes)) {
      const chunks = events.flatMap(({ data }) => converter.convert(parseObject(data)));
      if (chunks.length > 0) yield chunks;
    }
    if (!converter.complete)
      throw new ProviderError({ kind: 'protocol', detail: 'the stream ended before it was complete' });
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
