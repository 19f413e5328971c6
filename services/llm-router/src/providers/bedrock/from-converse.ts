import { newId } from '@genai-platform/common';
import type {
  ContentBlock,
  ContentBlockDeltaEvent,
  ContentBlockStartEvent,
  ConverseResponse,
  ConverseStreamOutput,
  TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';

type Json = Record<string, unknown>;

/** What Converse answers as a message of Anthropic's. */
export function toMessage({ output, stopReason, usage }: ConverseResponse, model: string): Json {
  return {
    id: newId('chatcmpl'),
    model,
    content: (output?.message?.content ?? []).flatMap(blockOf),
    stop_reason: stopReason,
    usage: usageOf(usage),
  };
}

function blockOf({ text, toolUse, reasoningContent }: ContentBlock): Json[] {
  if (text !== undefined) return [{ type: 'text', text }];
  const thinking = reasoningContent?.reasoningText?.text;
  if (thinking !== undefined) return [{ type: 'thinking', thinking }];
  if (toolUse === undefined) return [];
  return [{ type: 'tool_use', id: toolUse.toolUseId, name: toolUse.name, input: toolUse.input }];
}

function usageOf(usage: TokenUsage | undefined): Json {
  return {
    input_tokens: usage?.inputTokens ?? 0,
    output_tokens: usage?.outputTokens ?? 0,
    cache_read_input_tokens: usage?.cacheReadInputTokens ?? 0,
    cache_creation_input_tokens: usage?.cacheWriteInputTokens ?? 0,
  };
}

/** The events of ConverseStream as Anthropic's. The reason of the end and the usage come as two, and leave as one. */
export class ConverseEvents {
  readonly #model: string;
  #reason: string | undefined;

  constructor(model: string) {
    this.#model = model;
  }

  push(event: ConverseStreamOutput): Json[] {
    if (event.messageStart) return [{ type: 'message_start', message: { id: newId('chatcmpl'), model: this.#model } }];
    if (event.contentBlockStart) return [startOf(event.contentBlockStart)];
    if (event.contentBlockDelta) return deltaOf(event.contentBlockDelta);
    if (event.messageStop) this.#reason = event.messageStop.stopReason;
    return event.metadata ? this.end(event.metadata.usage) : [];
  }

  /** Nothing where the message has not ended. */
  end(usage?: TokenUsage): Json[] {
    if (this.#reason === undefined) return [];
    const delta = { stop_reason: this.#reason };
    this.#reason = undefined;
    return [{ type: 'message_delta', delta, usage: usageOf(usage) }, { type: 'message_stop' }];
  }
}

function startOf({ contentBlockIndex: index, start }: ContentBlockStartEvent): Json {
  const { toolUseId: id, name } = start?.toolUse ?? {};
  const block = id === undefined ? { type: 'text' } : { type: 'tool_use', id, name };
  return { type: 'content_block_start', index, content_block: block };
}

function deltaOf({ contentBlockIndex: index, delta }: ContentBlockDeltaEvent): Json[] {
  const { text, toolUse, reasoningContent } = delta ?? {};
  if (text !== undefined) return [{ type: 'content_block_delta', index, delta: { type: 'text_delta', text } }];
  const thinking = reasoningContent?.text;
  if (thinking !== undefined)
    return [{ type: 'content_block_delta', index, delta: { type: 'thinking_delta', thinking } }];
  if (toolUse === undefined) return [];
  const piece = { type: 'input_json_delta', partial_json: toolUse.input ?? '' };
  return [{ type: 'content_block_delta', index, delta: piece }];
}
