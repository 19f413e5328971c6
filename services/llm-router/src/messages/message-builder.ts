import { newId } from '@genai-platform/common';
import { firstDelta, type CallDelta } from '../api/call-delta.ts';
import type { ChatChunk, Usage } from '../api/chat-schemas.ts';
import type { Message, MessageBlock, MessageEvent as Event } from '../api/message-schemas.ts';
import type { TokenCounts } from '../api/token-counts.ts';

const REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

/** Makes Anthropic's events, and its message, of the events of a chat. */
export class MessageBuilder {
  readonly #id = newId('msg');
  readonly #blocks: MessageBlock[] = [];
  /** The texts of what tools are called with, by the place of their block. */
  readonly #inputs = new Map<number, string>();
  /** The place of the block of each tool call. */
  readonly #places = new Map<number, number>();
  readonly #withThinking: boolean;
  #model: string | undefined;
  #open: number | undefined;
  #finish = 'stop';
  #usage: Usage | null | undefined;

  /** @param withThinking whether what the model thinks is wanted too */
  constructor({ withThinking }: { readonly withThinking: boolean }) {
    this.#withThinking = withThinking;
  }

  /** What the model says that it has taken so far. */
  get counts(): TokenCounts | undefined {
    return this.#usage ?? undefined;
  }

  push(chunk: ChatChunk): Event[] {
    const events = this.#model === undefined ? this.#start(chunk.model) : [];
    const { text, thinking, calls, finish } = firstDelta(chunk);
    if (this.#withThinking && thinking !== '') events.push(...this.#say('thinking', thinking));
    if (text !== '') events.push(...this.#say('text', text));
    for (const call of calls) events.push(...this.#call(call));
    this.#finish = finish ?? this.#finish;
    this.#usage = chunk.usage ?? this.#usage;
    return events;
  }

  /** The events that end a message. */
  end(): Event[] {
    const { stop_reason: reason, usage } = this.message();
    return [
      ...this.#close(),
      { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
      { type: 'message_stop' },
    ];
  }

  /** All that has come. */
  message(): Message {
    return {
      ...this.#head(),
      content: this.#blocks.map((block, place) =>
        block.type === 'tool_use' ? { ...block, input: parsed(this.#inputs.get(place) ?? '') } : block,
      ),
      stop_reason: REASONS[this.#finish] ?? 'end_turn',
      usage: usageOf(this.counts),
    };
  }

  #head(): Pick<Message, 'id' | 'type' | 'role' | 'model' | 'stop_sequence'> {
    return { id: this.#id, type: 'message', role: 'assistant', model: this.#model ?? '', stop_sequence: null };
  }

  #start(model: string): Event[] {
    this.#model = model;
    const message = { ...this.#head(), content: [], stop_reason: null, usage: usageOf() };
    return [{ type: 'message_start', message }];
  }

  /** Thinking that is not Anthropic's has no signature: by that it is told when it comes back. */
  #say(type: 'text' | 'thinking', piece: string): Event[] {
    const open = this.#open === undefined ? undefined : this.#blocks[this.#open];
    const events = open?.type === type ? [] : this.#begin({ type, [type]: '', ...(type === 'thinking' && { signature: '' }) }); // prettier-ignore
    const block = this.#blocks[this.#open as number] as MessageBlock;
    block[type] = `${String(block[type])}${piece}`;
    const delta = { type: `${type}_delta`, [type]: piece };
    return [...events, { type: 'content_block_delta', index: this.#open, delta }];
  }

  #call({ index, id, function: called }: CallDelta): Event[] {
    const events: Event[] = [];
    if (!this.#places.has(index)) {
      events.push(...this.#begin({ type: 'tool_use', id: id ?? newId('toolu'), name: called?.name ?? '', input: {} }));
      this.#places.set(index, this.#blocks.length - 1);
    }
    const place = this.#places.get(index) as number;
    const more = called?.arguments ?? '';
    if (more === '') return events;
    this.#inputs.set(place, (this.#inputs.get(place) ?? '') + more);
    return [
      ...events,
      { type: 'content_block_delta', index: place, delta: { type: 'input_json_delta', partial_json: more } },
    ];
  }

  #begin(block: MessageBlock): Event[] {
    const events = this.#close();
    this.#open = this.#blocks.push(block) - 1;
    return [...events, { type: 'content_block_start', index: this.#open, content_block: { ...block } }];
  }

  #close(): Event[] {
    if (this.#open === undefined) return [];
    const index = this.#open;
    this.#open = undefined;
    return [{ type: 'content_block_stop', index }];
  }
}

/** In Anthropic's words the tokens of the provider's cache are none of the input's. */
function usageOf({
  prompt_tokens: prompt = 0,
  completion_tokens: written = 0,
  prompt_tokens_details: details,
}: TokenCounts = {}): Message['usage'] {
  const cached = details?.cached_tokens ?? 0;
  const kept = details?.cache_write_tokens ?? 0;
  return {
    input_tokens: Math.max(0, prompt - cached - kept),
    output_tokens: written,
    cache_creation_input_tokens: kept,
    cache_read_input_tokens: cached,
  };
}

/** A model may write what is no JSON; it is passed on as it is, under a name that says so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  } catch {
    return { invalid_json: text };
  }
}
