import { completionChunk } from '../api/completion-chunk.ts';
import type { Message, MessageEvent, MessageRequest, TokenCount, TokenCountRequest } from '../api/message-schemas.ts';
import { worded, type Call, type MessageCall, type Provider, type Worded } from '../providers/provider.ts';
import { estimateTokens } from '../routing/request-estimate.ts';
import { MessageBuilder } from './message-builder.ts';
import { wantsThinking } from './reasoning-effort.ts';
import { messagesToChat } from './to-chat.ts';

/** Asks in Anthropic's own words where the model understands them, and in OpenAI's elsewhere. */
export async function askMessage(provider: Provider, call: MessageCall): Promise<Worded<Message>> {
  const api = provider.messagesOf?.(call.model);
  if (api !== undefined) return await api.message(call);
  const builder = new MessageBuilder({ withThinking: wantsThinking(call.request) });
  const { value } = await provider.chat(asChat(call));
  builder.push(completionChunk(value));
  return worded(builder.message());
}

/** The same, event by event. */
export function streamMessage(provider: Provider, call: MessageCall): AsyncIterable<readonly Worded<MessageEvent>[]> {
  const api = provider.messagesOf?.(call.model);
  return api === undefined ? translated(provider, call) : api.streamMessage(call);
}

/** Tokens of a prompt: by the provider where it counts them, else by an estimate that says so. */
export async function countTokens(
  provider: Provider,
  call: MessageCall<TokenCountRequest>,
): Promise<Worded<TokenCount>> {
  const api = provider.messagesOf?.(call.model);
  if (api !== undefined) return worded({ input_tokens: await api.countMessageTokens(call) });
  if (provider.countTokens !== undefined) return worded({ input_tokens: await provider.countTokens(asChat(call)) });
  return worded({ input_tokens: estimateTokens(call.request).prompt_tokens, estimated: true as const });
}

async function* translated(provider: Provider, call: MessageCall): AsyncGenerator<readonly Worded<MessageEvent>[]> {
  const builder = new MessageBuilder({ withThinking: wantsThinking(call.request) });
  for await (const batch of provider.streamChat(asChat(call))) {
    yield batch.flatMap(({ value }) => builder.push(value).map(asEvent));
  }
  const { counts } = builder;
  yield builder.end().map((event) => (event.type === 'message_stop' ? { ...asEvent(event), counts } : asEvent(event)));
}

function asEvent(value: MessageEvent): Worded<MessageEvent> {
  return { ...worded(value), isText: true };
}

function asChat({ model, request, signal }: Call<MessageRequest | TokenCountRequest>): Parameters<Provider['chat']>[0] {
  return { model, signal, request: messagesToChat(request) };
}
