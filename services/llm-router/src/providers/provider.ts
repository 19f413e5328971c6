import type { ChatChunk, ChatCompletion, ChatRequest } from '../api/chat-schemas.ts';
import type { CompletionRequest, TextChunk, TextCompletion } from '../api/completion-schemas.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../api/embedding-schemas.ts';
import type { Message, MessageEvent, MessageRequest, TokenCountRequest } from '../api/message-schemas.ts';
import type { ModerationReply, ModerationRequest } from '../api/moderation-schemas.ts';
import type { RerankReply, RerankRequest } from '../api/rerank-schemas.ts';
import type { TokenCounts } from '../api/token-counts.ts';

/** What a model can be asked for. */
export const operations = ['chat', 'completions', 'embeddings', 'rerank', 'moderations'] as const;
export type Operation = (typeof operations)[number];

/** A value, and the JSON text that it came as: what is passed on is not worded anew. */
export interface Worded<T> {
  readonly value: T;
  readonly text: string;
  /** Of a stream's event: whether it is known to tell neither usage nor an end, without a look at its value. */
  readonly isText?: boolean;
  /** Of a stream's event: what the request has taken, where that is not said in OpenAI's words. */
  readonly counts?: TokenCounts | undefined;
}

/** One call of a provider. */
export interface Call<R> {
  /** By the provider's own name. */
  readonly model: string;
  readonly request: R;
  /** Aborts when time is up or the client has gone; the call has to end at once then. */
  readonly signal: AbortSignal;
}

/** A call in Anthropic's own words. */
export interface MessageCall<R = MessageRequest> extends Call<R> {
  /** Names of what is not generally there yet, as the client gave them in `anthropic-beta`. */
  readonly betas: readonly string[];
}

/** Anthropic's messages, where a model is asked for them in Anthropic's own words and answers in them. */
export interface MessageApi {
  message(call: MessageCall): Promise<Worded<Message>>;
  streamMessage(call: MessageCall): AsyncIterable<readonly Worded<MessageEvent>[]>;
  countMessageTokens(call: MessageCall<TokenCountRequest>): Promise<number>;
}

/** What is known of a model. */
export interface ModelInfo {
  readonly id: string;
  readonly operations: readonly Operation[];
  readonly ownedBy: string;
  /** Seconds since the epoch, where it is known. */
  readonly created?: number;
  /** What else `/v1/models` tells. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Somebody who answers. What it takes and gives has OpenAI's shape, whatever its own is.
 *
 * Each method throws a `ProviderError`, or an `AppError` that is meant for the client.
 */
export interface Provider {
  readonly name: string;
  readonly kind: string;
  readonly models: readonly ModelInfo[];
  chat(call: Call<ChatRequest>): Promise<Worded<ChatCompletion>>;
  /** Each piece holds the events that came together. The last event has the usage, where the provider tells it. */
  streamChat(call: Call<ChatRequest>): AsyncIterable<readonly Worded<ChatChunk>[]>;
  /** Only of models whose own API it is: what Anthropic's clients send reaches them unchanged. */
  messagesOf?(model: string): MessageApi | undefined;
  /** Tokens of a prompt, by whoever really counts them. */
  countTokens?(call: Call<ChatRequest>): Promise<number>;
  /** The rest is of those whose models list the operation. */
  embed?(call: Call<EmbeddingRequest>): Promise<Worded<EmbeddingReply>>;
  complete?(call: Call<CompletionRequest>): Promise<Worded<TextCompletion>>;
  streamComplete?(call: Call<CompletionRequest>): AsyncIterable<readonly Worded<TextChunk>[]>;
  rerank?(call: Call<RerankRequest>): Promise<Worded<RerankReply>>;
  moderate?(call: Call<ModerationRequest>): Promise<Worded<ModerationReply>>;
  close(): Promise<void>;
}

export function worded<T>(value: T): Worded<T> {
  return { value, text: JSON.stringify(value) };
}
