import type { ChatCompletion } from '../../api/chat-schemas.ts';
import { completionChoice } from '../../api/completion-choice.ts';
import { messageCounts } from '../../api/token-counts.ts';

type Json = Record<string, unknown>;

const REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
  // Bedrock's own.
  guardrail_intervened: 'content_filter',
  content_filtered: 'content_filter',
};

/** Why a text ended, in OpenAI's words. */
export function finishReason(reason: unknown): string {
  return REASONS[String(reason)] ?? 'stop';
}

/** Anthropic's message as OpenAI's completion. */
export function toCompletion(message: Json, createdSeconds: number): ChatCompletion {
  const blocks = message['content'] as Json[];
  const text = blocks
    .filter(({ type }) => type === 'text')
    .map((block) => String(block['text']))
    .join('');
  const thinking = blocks
    .filter(({ type }) => type === 'thinking')
    .map((block) => String(block['thinking']))
    .join('');
  const calls = blocks
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => ({
      id: String(id),
      type: 'function',
      function: { name: String(name), arguments: JSON.stringify(input) },
    }));
  return {
    id: String(message['id']),
    object: 'chat.completion',
    created: createdSeconds,
    model: String(message['model']),
    choices: [completionChoice({ index: 0, text, thinking, calls, finish: finishReason(message['stop_reason']) })],
    usage: messageCounts(message['usage']),
  };
}
