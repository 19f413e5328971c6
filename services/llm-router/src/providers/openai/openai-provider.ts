import type { ChatChunk, ChatCompletion, ChatRequest } from '../../api/chat-schemas.ts';
import type { CompletionRequest, TextChunk, TextCompletion } from '../../api/completion-schemas.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../../api/embedding-schemas.ts';
import type { ModerationReply, ModerationRequest } from '../../api/moderation-schemas.ts';
import type { RerankReply, RerankRequest } from '../../api/rerank-schemas.ts';
import { readEvents } from '../http/event-reader.ts';
import { HttpProvider } from '../http/http-provider.ts';
import { endedEarly } from '../provider-error.ts';
import type { Call, Provider, Worded } from '../provider.ts';
import { ChunkReader } from './chunk-reader.ts';

const DONE = '[DONE]';

/** OpenAI, and everybody who speaks as OpenAI does: what comes and goes is passed on in its own words. */
export class OpenAiProvider extends HttpProvider implements Provider {
  async chat({ model, request, signal }: Call<ChatRequest>): Promise<Worded<ChatCompletion>> {
    return await this.ask(this.path('/chat/completions', model), { ...request, model }, { signal, list: 'choices' });
  }

  streamChat({ model, request, signal }: Call<ChatRequest>): AsyncGenerator<readonly Worded<ChatChunk>[]> {
    return this.#stream('/chat/completions', { ...request, model }, signal);
  }

  async complete({ model, request, signal }: Call<CompletionRequest>): Promise<Worded<TextCompletion>> {
    return await this.ask(this.path('/completions', model), { ...request, model }, { signal, list: 'choices' });
  }

  streamComplete({ model, request, signal }: Call<CompletionRequest>): AsyncGenerator<readonly Worded<TextChunk>[]> {
    return this.#stream('/completions', { ...request, model }, signal);
  }

  async embed({ model, request, signal }: Call<EmbeddingRequest>): Promise<Worded<EmbeddingReply>> {
    return await this.ask(this.path('/embeddings', model), { ...request, model }, { signal, list: 'data' });
  }

  async rerank({ model, request, signal }: Call<RerankRequest>): Promise<Worded<RerankReply>> {
    return await this.ask(this.path('/rerank', model), { ...request, model }, { signal, list: 'results' });
  }

  async moderate({ model, request, signal }: Call<ModerationRequest>): Promise<Worded<ModerationReply>> {
    return await this.ask(this.path('/moderations', model), { ...request, model }, { signal, list: 'results' });
  }

  /** Where an operation is asked for: one path for all models, but with those who address deployments. */
  protected path(operation: string, _model: string): string {
    return operation;
  }

  async *#stream<C extends ChatChunk | TextChunk>(
    operation: string,
    request: StreamRequest,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Worded<C>[]> {
    // Usage is always asked for: it is counted, whether the client wants to see it or not.
    const options = { ...request.stream_options, include_usage: true };
    const body = { ...request, stream: true, stream_options: options };
    const reply = await this.send(this.path(operation, request.model), body, { signal });
    const reader = new ChunkReader<C>();
    let complete = false;
    for await (const events of readEvents(reply, this.maxReplyBytes)) {
      const chunks: Worded<C>[] = [];
      for (const { data } of events) {
        if (data === DONE) {
          complete = true;
          continue;
        }
        const chunk = reader.read(data);
        complete ||= chunk.isText !== true && isEnd(chunk.value);
        chunks.push(chunk);
      }
      if (chunks.length > 0) yield chunks;
    }
    if (!complete) throw endedEarly();
  }
}

interface StreamRequest {
  readonly model: string;
  readonly stream_options?: object | null | undefined;
}

function isEnd({ choices }: ChatChunk | TextChunk): boolean {
  return choices.some(({ finish_reason: reason }) => typeof reason === 'string');
}
