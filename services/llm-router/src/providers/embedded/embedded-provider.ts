import { newId } from '@genai-platform/common';
import type { ChatChunk, ChatCompletion, ChatRequest } from '../../api/chat-schemas.ts';
import type { CompletionRequest, TextChunk, TextCompletion } from '../../api/completion-schemas.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../../api/embedding-schemas.ts';
import type { RerankReply, RerankRequest } from '../../api/rerank-schemas.ts';
import { wordVector } from '../../api/word-vector.ts';
import { tokenTexts } from '../../api/token-texts.ts';
import type { GeneratedPiece } from '../../engines/engine-messages.ts';
import type { Encoder } from '../../engines/encoder.ts';
import type { Generator } from '../../engines/generator.ts';
import { notSupported } from '../../errors.ts';
import { worded, type Call, type ModelInfo, type Operation, type Provider, type Worded } from '../provider.ts';
import { generateTask } from './generate-task.ts';
import { rankDocuments } from './rank-documents.ts';
import { completeTexts, streamText, usageOf } from './text-completion.ts';

export interface EmbeddedProviderOptions {
  readonly encoder: Encoder;
  readonly generator: Generator;
  /** Longest text that is generated, in tokens. */
  readonly maxTokens: number;
  readonly now: () => number;
}

const DIMENSIONS = 384;
const MAX_TEXT_TOKENS = 512;

/** Small models that run beside the service, without a key: what answers where nothing else is configured. */
export class EmbeddedProvider implements Provider {
  readonly name = 'embedded';
  readonly kind = 'embedded';
  readonly models: readonly ModelInfo[];
  readonly encoder: Encoder;
  readonly #options: EmbeddedProviderOptions;

  constructor(options: EmbeddedProviderOptions) {
    this.#options = options;
    this.encoder = options.encoder;
    const { encoder, generator } = options;
    this.models = [
      model(generator.model, ['chat', 'completions'], { context_window: generator.contextTokens }),
      model(encoder.model, ['embeddings', 'rerank'], { dimensions: DIMENSIONS, context_window: MAX_TEXT_TOKENS }),
    ];
  }

  async chat(call: Call<ChatRequest>): Promise<Worded<ChatCompletion>> {
    let text = '';
    let last: GeneratedPiece | undefined;
    for await (const piece of this.#generate(call)) {
      text += piece.text;
      last = piece;
    }
    const message = { role: 'assistant' as const, content: text, refusal: null };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: last?.finish ?? 'stop' }];
    return worded({ ...this.#head(), object: 'chat.completion', choices, usage: usageOf(last ? [last] : []) });
  }

  async *streamChat(call: Call<ChatRequest>): AsyncGenerator<readonly Worded<ChatChunk>[]> {
    const head = { ...this.#head(), object: 'chat.completion.chunk' as const };
    const chunk = (delta: object, finish: string | null = null): Worded<ChatChunk> =>
      worded({ ...head, choices: [{ index: 0, delta: { ...delta }, finish_reason: finish }], usage: null });
    let last: GeneratedPiece | undefined;
    for await (const piece of this.#generate(call)) {
      const events = last === undefined ? [chunk({ role: 'assistant', content: '' })] : [];
      if (piece.text !== '') events.push(chunk({ content: piece.text }));
      if (piece.finish !== undefined) events.push(chunk({}, piece.finish));
      last = piece;
      yield events;
    }
    yield [worded({ ...head, choices: [], usage: usageOf(last ? [last] : []) })];
  }

  async countTokens({ request, signal }: Call<ChatRequest>): Promise<number> {
    let tokens = 0;
    const task = generateTask(request, 0);
    for await (const { promptTokens } of this.#options.generator.generate(task, signal)) tokens = promptTokens;
    return tokens;
  }

  async embed({ request, signal }: Call<EmbeddingRequest>): Promise<Worded<EmbeddingReply>> {
    if ((request.dimensions ?? DIMENSIONS) !== DIMENSIONS) {
      throw notSupported(`the embedded encoder gives ${String(DIMENSIONS)} dimensions`, '/dimensions');
    }
    const { vectors, tokens } = await this.encoder.encode(await tokenTexts(request.input), signal);
    const data = Array.from({ length: vectors.length / DIMENSIONS }, (_, index) => ({
      object: 'embedding' as const,
      index,
      embedding: wordVector(vectors.subarray(index * DIMENSIONS, (index + 1) * DIMENSIONS), request.encoding_format),
    }));
    const usage = { prompt_tokens: tokens, total_tokens: tokens };
    return worded({ object: 'list', data, model: this.encoder.model, usage });
  }

  complete(call: Call<CompletionRequest>): Promise<Worded<TextCompletion>> {
    return completeTexts(this.#options, call);
  }

  streamComplete(call: Call<CompletionRequest>): AsyncGenerator<readonly Worded<TextChunk>[]> {
    return streamText(this.#options, call);
  }

  rerank(call: Call<RerankRequest>): Promise<Worded<RerankReply>> {
    return rankDocuments(this.encoder, call);
  }

  async close(): Promise<void> {
    this.encoder.stop();
    this.#options.generator.stop();
  }

  #generate({ request, signal }: Call<ChatRequest>): AsyncGenerator<GeneratedPiece> {
    return this.#options.generator.generate(generateTask(request, this.#options.maxTokens), signal);
  }

  #head(): Pick<ChatCompletion, 'id' | 'created' | 'model'> & { system_fingerprint: string } {
    const { generator, now } = this.#options;
    return {
      id: newId('chatcmpl'),
      created: Math.floor(now() / 1_000),
      model: generator.model,
      system_fingerprint: 'embedded',
    };
  }
}

function model(id: string, operations: readonly Operation[], details: object): ModelInfo {
  return { id, operations, ownedBy: 'embedded', details: { ...details } };
}
