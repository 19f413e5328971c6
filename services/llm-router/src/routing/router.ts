import type { ChatChunk, ChatCompletion, ChatRequest } from '../api/chat-schemas.ts';
import { completionChunk } from '../api/completion-chunk.ts';
import type { CompletionRequest, TextChunk, TextCompletion } from '../api/completion-schemas.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../api/embedding-schemas.ts';
import type { ModerationReply, ModerationRequest } from '../api/moderation-schemas.ts';
import type { RerankReply, RerankRequest } from '../api/rerank-schemas.ts';
import type { AnswerBook, FoundAnswer } from '../cache/answer-book.ts';
import { completeByChat, streamCompleteByChat } from '../providers/completion-by-chat.ts';
import { ProviderError } from '../providers/provider-error.ts';
import { worded, type Operation, type Provider, type Worded } from '../providers/provider.ts';
import type { Caller } from './caller.ts';
import type { DecisionLog } from './decision-log.ts';
import { Dispatcher, type DispatcherOptions, type Named, type Routed, type RoutedStream } from './dispatcher.ts';
import { keepingStream } from './keeping-stream.ts';
import { tokensOf } from './request-estimate.ts';
import type { Target } from './route-book.ts';
import type { RouteBooks } from './route-books.ts';

export interface RouterOptions extends DispatcherOptions {
  /** Answers that are kept; absent where none are. */
  readonly answers?: AnswerBook | undefined;
}

/** Answers requests: by what is kept, or by the targets of their routes. */
export class Router {
  readonly books: RouteBooks;
  readonly decisions: DecisionLog;
  readonly #options: RouterOptions;
  readonly #dispatcher: Dispatcher;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#dispatcher = new Dispatcher(options);
    this.books = options.books;
    this.decisions = options.decisions;
  }

  async chat(request: ChatRequest, caller: Caller): Promise<Routed<Worded<ChatCompletion>>> {
    return await this.#kept<ChatRequest, ChatCompletion>('chat', request, caller, (cache) =>
      this.#dispatcher.whole({ operation: 'chat', request, cache }, caller, ({ provider }, call) =>
        provider.chat(call),
      ),
    );
  }

  /** Resolves when the first events have come. */
  async streamChat(request: ChatRequest, caller: Caller): Promise<RoutedStream<ChatChunk>> {
    const found = await this.#options.answers?.chat(request, caller);
    if (found?.answer !== undefined) {
      const { answer, decision } = this.#answered<ChatCompletion>('chat', request, caller, found.answer);
      const chunk = worded(completionChunk(answer.value));
      return { decision, batches: () => once([chunk]), finish: () => undefined };
    }
    const asked = { operation: 'chat', request, cache: found === undefined ? 'off' : 'miss' } as const;
    const routed = await this.#dispatcher.stream(asked, caller, ({ provider }, call) => provider.streamChat(call));
    return found === undefined ? routed : keepingStream(routed, found.keep);
  }

  /** By a model that goes on from a text, or by one that chats. */
  complete(request: CompletionRequest, caller: Caller): Promise<Routed<Worded<TextCompletion>>> {
    const asked = { operation: 'completions', request, orElse: 'chat' } as const;
    return this.#dispatcher.whole(asked, caller, (target, call) =>
      completes(target) && target.provider.complete
        ? target.provider.complete(call)
        : completeByChat(target.provider, call),
    );
  }

  streamComplete(request: CompletionRequest, caller: Caller): Promise<RoutedStream<TextChunk>> {
    const asked = { operation: 'completions', request, orElse: 'chat' } as const;
    return this.#dispatcher.stream(asked, caller, (target, call) =>
      completes(target) && target.provider.streamComplete
        ? target.provider.streamComplete(call)
        : streamCompleteByChat(target.provider, call),
    );
  }

  async embed(request: EmbeddingRequest, caller: Caller): Promise<Routed<Worded<EmbeddingReply>>> {
    return await this.#kept<EmbeddingRequest, EmbeddingReply>('embeddings', request, caller, (cache) =>
      this.#dispatcher.whole({ operation: 'embeddings', request, cache }, caller, ({ provider }, call) => {
        if (provider.embed === undefined) throw lacking('makes no embeddings');
        return provider.embed(call);
      }),
    );
  }

  rerank(request: RerankRequest, caller: Caller): Promise<Routed<Worded<RerankReply>>> {
    return this.#dispatcher.whole({ operation: 'rerank', request }, caller, ({ provider }, call) => {
      if (provider.rerank === undefined) throw lacking('ranks nothing');
      return provider.rerank(call);
    });
  }

  moderate(request: ModerationRequest, caller: Caller): Promise<Routed<Worded<ModerationReply>>> {
    return this.#dispatcher.whole({ operation: 'moderations', request }, caller, ({ provider }, call) => {
      if (provider.moderate === undefined) throw lacking('moderates nothing');
      return provider.moderate(call);
    });
  }

  /** How each known target is doing. */
  health(): { target: string; state: string; latency_ms: number | null }[] {
    return this.#options.states.health();
  }

  async #kept<R extends Named & Readonly<Record<string, unknown>>, A extends object>(
    operation: 'chat' | 'embeddings',
    request: R,
    caller: Caller,
    ask: (cache: 'off' | 'miss') => Promise<Routed<Worded<A>>>,
  ): Promise<Routed<Worded<A>>> {
    const { answers } = this.#options;
    if (answers === undefined) return await ask('off');
    const found = await answers.find(operation, request, caller);
    if (found.answer !== undefined) return this.#answered<A>(operation, request, caller, found.answer);
    const routed = await ask('miss');
    found.keep({ target: routed.decision.target ?? '', text: routed.answer.text });
    return routed;
  }

  #answered<A extends object>(
    operation: Operation,
    request: Named,
    caller: Caller,
    found: FoundAnswer,
  ): Routed<Worded<A>> {
    const value = JSON.parse(found.text) as A;
    const decision = this.#dispatcher.cached({ operation, request }, caller, found, tokensOf(value));
    return { answer: { value, text: found.text }, decision };
  }
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield await Promise.resolve(value);
}

function completes({ provider, model }: Target): boolean {
  return provider.models.find(({ id }) => id === model)?.operations.includes('completions') ?? false;
}

function lacking(what: string): ProviderError {
  return new ProviderError({ kind: 'unavailable', detail: `the provider ${what}` });
}

/** Ends all providers' connections and processes. */
export async function closeProviders(providers: readonly Provider[]): Promise<void> {
  await Promise.all(providers.map((provider) => provider.close()));
}
