import type { ChatChunk, ChatCompletion, ChatRequest } from '../api/chat-schemas.ts';
import { CompletionAssembler } from '../api/completion-assembler.ts';
import { completionChunk } from '../api/completion-chunk.ts';
import type { CompletionRequest, TextChunk, TextCompletion } from '../api/completion-schemas.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../api/embedding-schemas.ts';
import type { Message, MessageEvent, MessageRequest, TokenCount, TokenCountRequest } from '../api/message-schemas.ts';
import type { ModerationReply, ModerationRequest } from '../api/moderation-schemas.ts';
import type { RerankReply, RerankRequest } from '../api/rerank-schemas.ts';
import { MessageAssembler } from '../messages/message-assembler.ts';
import { messageEvents } from '../messages/message-events.ts';
import { askMessage, countTokens, streamMessage } from '../messages/message-exchange.ts';
import { completeByChat, streamCompleteByChat } from '../providers/completion-by-chat.ts';
import { ProviderError } from '../providers/provider-error.ts';
import { worded, type Provider } from '../providers/provider.ts';
import type { RoutedReply, RoutedStream } from './asked.ts';
import type { Caller } from './caller.ts';
import type { DecisionLog } from './decision-log.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { KeptAnswers, type KeptAnswersOptions } from './kept-answers.ts';
import type { Target } from './route-book.ts';
import type { RouteBooks } from './route-books.ts';

export interface RouterOptions extends DispatcherOptions, Pick<KeptAnswersOptions, 'answers'> {}

/** A request of Anthropic's clients, with the names of what is not generally there yet. */
export interface AskedMessage<R = MessageRequest> {
  readonly request: R;
  readonly betas: readonly string[];
}

/** Answers requests: by what is kept, or by the targets of their routes. */
export class Router {
  readonly books: RouteBooks;
  readonly decisions: DecisionLog;
  readonly #options: RouterOptions;
  readonly #dispatcher: Dispatcher;
  readonly #kept: KeptAnswers;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#dispatcher = new Dispatcher(options);
    this.#kept = new KeptAnswers({ answers: options.answers, dispatcher: this.#dispatcher });
    this.books = options.books;
    this.decisions = options.decisions;
  }

  async chat(request: ChatRequest, caller: Caller): RoutedReply<ChatCompletion> {
    return await this.#kept.whole<ChatCompletion>({ kind: 'chat', request }, caller, (cache) =>
      this.#dispatcher.whole({ operation: 'chat', request, cache }, caller, ({ provider }, call) =>
        provider.chat(call),
      ),
    );
  }

  /** Resolves when the first events have come. */
  async streamChat(request: ChatRequest, caller: Caller): Promise<RoutedStream<ChatChunk>> {
    return await this.#kept.stream({ kind: 'chat', request }, caller, {
      ask: (cache) =>
        this.#dispatcher.stream({ operation: 'chat', request, cache }, caller, ({ provider }, call) =>
          provider.streamChat(call),
        ),
      replay: (completion: ChatCompletion) => [worded(completionChunk(completion))],
      assembler: () => new CompletionAssembler(),
    });
  }

  /** In Anthropic's shape. */
  async message({ request, betas }: AskedMessage, caller: Caller): RoutedReply<Message> {
    return await this.#kept.whole<Message>({ kind: 'messages', request, betas }, caller, (cache) =>
      this.#dispatcher.whole({ operation: 'chat', request, cache }, caller, ({ provider }, call) =>
        askMessage(provider, { ...call, betas }),
      ),
    );
  }

  /** Resolves when the first events have come. */
  async streamMessage({ request, betas }: AskedMessage, caller: Caller): Promise<RoutedStream<MessageEvent>> {
    return await this.#kept.stream({ kind: 'messages', request, betas }, caller, {
      ask: (cache) =>
        this.#dispatcher.stream({ operation: 'chat', request, cache }, caller, ({ provider }, call) =>
          streamMessage(provider, { ...call, betas }),
        ),
      replay: (message: Message) => messageEvents(message).map(worded),
      assembler: () => new MessageAssembler(),
    });
  }

  /** Takes a request of the limits and no tokens: nothing is read or written. */
  countTokens({ request, betas }: AskedMessage<TokenCountRequest>, caller: Caller): RoutedReply<TokenCount> {
    return this.#dispatcher.whole({ operation: 'count_tokens', request }, caller, ({ provider }, call) =>
      countTokens(provider, { ...call, betas }),
    );
  }

  /** By a model that goes on from a text, or by one that chats. */
  complete(request: CompletionRequest, caller: Caller): RoutedReply<TextCompletion> {
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

  async embed(request: EmbeddingRequest, caller: Caller): RoutedReply<EmbeddingReply> {
    return await this.#kept.whole<EmbeddingReply>({ kind: 'embeddings', request }, caller, (cache) =>
      this.#dispatcher.whole({ operation: 'embeddings', request, cache }, caller, ({ provider }, call) => {
        if (provider.embed === undefined) throw lacking('makes no embeddings');
        return provider.embed(call);
      }),
    );
  }

  rerank(request: RerankRequest, caller: Caller): RoutedReply<RerankReply> {
    return this.#dispatcher.whole({ operation: 'rerank', request }, caller, ({ provider }, call) => {
      if (provider.rerank === undefined) throw lacking('ranks nothing');
      return provider.rerank(call);
    });
  }

  moderate(request: ModerationRequest, caller: Caller): RoutedReply<ModerationReply> {
    return this.#dispatcher.whole({ operation: 'moderations', request }, caller, ({ provider }, call) => {
      if (provider.moderate === undefined) throw lacking('moderates nothing');
      return provider.moderate(call);
    });
  }

  /** How each known target is doing. */
  health(): { target: string; state: string; latency_ms: number | null }[] {
    return this.#options.states.health();
  }
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
