import type { ChatChunk, ChatCompletion, ChatRequest } from '../../api/chat-schemas.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../../api/embedding-schemas.ts';
import { readEvents } from '../http/event-reader.ts';
import { HttpProvider } from '../http/http-provider.ts';
import { parseObject } from '../http/reply-body.ts';
import { ProviderError } from '../provider-error.ts';
import type { Call, Provider, Worded } from '../provider.ts';

const DONE = '[DONE]';

/** OpenAI, and everybody who speaks as OpenAI does: what comes and goes is passed on in its own words. */
export class OpenAiProvider extends HttpProvider implements Provider {
  async chat({ model, request, signal }: Call<ChatRequest>): Promise<Worded<ChatCompletion>> {
    return await this.ask('/chat/completions', { ...request, model }, { signal, list: 'choices' });
  }

  async *streamChat({ model, request, signal }: Call<ChatRequest>): AsyncGenerator<readonly Worded<ChatChunk>[]> {
    // Usage is always asked for: it is counted, whether the client wants to see it or not.
    const options = { ...request.stream_options, include_usage: true };
    const body = { ...request, model, stream: true, stream_options: options };
    const reply = await this.send('/chat/completions', body, signal);
    let complete = false;
    for await (const events of readEvents(reply, this.maxReplyBytes)) {
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
    return await this.ask('/embeddings', { ...request, model }, { signal, list: 'data' });
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
