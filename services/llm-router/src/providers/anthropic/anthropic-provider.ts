import type { ChatChunk, ChatCompletion, ChatRequest } from '../../api/chat-schemas.ts';
import type { Message, MessageEvent, TokenCount, TokenCountRequest } from '../../api/message-schemas.ts';
import { readEvents } from '../http/event-reader.ts';
import { HttpProvider } from '../http/http-provider.ts';
import { parseObject } from '../http/reply-body.ts';
import { ProviderError, endedEarly } from '../provider-error.ts';
import { worded, type Call, type MessageApi, type MessageCall, type Provider, type Worded } from '../provider.ts';
import { toCompletion } from './from-anthropic.ts';
import { MessageEventReader } from './message-event-reader.ts';
import { withOwnThinking } from './own-thinking.ts';
import { StreamConverter } from './stream-converter.ts';
import { toAnthropic } from './to-anthropic.ts';

const MESSAGES = '/v1/messages';

/** Anthropic's messages API: what comes in its own words is passed on in them, what comes in OpenAI's is translated. */
export class AnthropicProvider extends HttpProvider implements Provider, MessageApi {
  async chat({ model, request, signal }: Call<ChatRequest>): Promise<Worded<ChatCompletion>> {
    const body = { ...toAnthropic(request, model), stream: false };
    const { value } = await this.ask<Record<string, unknown>>(MESSAGES, body, { signal, list: 'content' });
    return worded(toCompletion(value, nowSeconds()));
  }

  async *streamChat({ model, request, signal }: Call<ChatRequest>): AsyncGenerator<readonly Worded<ChatChunk>[]> {
    const reply = await this.send(MESSAGES, { ...toAnthropic(request, model), stream: true }, { signal });
    const converter = new StreamConverter(nowSeconds());
    for await (const events of readEvents(reply, this.maxReplyBytes)) {
      const chunks = events.flatMap(({ data }) => converter.convert(parseObject(data)));
      if (chunks.length > 0) yield chunks;
    }
    if (!converter.complete) throw endedEarly();
  }

  messagesOf(): MessageApi {
    return this;
  }

  async message(call: MessageCall): Promise<Worded<Message>> {
    return await this.ask(MESSAGES, { ...bodyOf(call), stream: false }, { ...sendOptions(call), list: 'content' });
  }

  async *streamMessage(call: MessageCall): AsyncGenerator<readonly Worded<MessageEvent>[]> {
    const reply = await this.send(MESSAGES, { ...bodyOf(call), stream: true }, sendOptions(call));
    const reader = new MessageEventReader();
    for await (const events of readEvents(reply, this.maxReplyBytes)) yield events.map(({ data }) => reader.read(data));
    reader.end();
  }

  async countMessageTokens(call: MessageCall<TokenCountRequest>): Promise<number> {
    const { max_tokens: _, stream: __, ...body } = bodyOf(call);
    const { value } = await this.ask<TokenCount>(`${MESSAGES}/count_tokens`, body, sendOptions(call));
    if (typeof value.input_tokens === 'number') return value.input_tokens;
    throw new ProviderError({ kind: 'protocol', detail: 'the reply has no input_tokens' });
  }
}

function bodyOf<R extends TokenCountRequest>({ model, request }: MessageCall<R>): R {
  return { ...request, model, messages: withOwnThinking(request.messages) };
}

function sendOptions({ signal, betas }: MessageCall<TokenCountRequest>): {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
} {
  return { signal, ...(betas.length > 0 && { headers: { 'anthropic-beta': betas.join(',') } }) };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
