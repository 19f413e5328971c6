import type { ChatMessage, ChatRequest } from '../api/chat-schemas.ts';
import type { MessageBlock, MessageRequest, TokenCountRequest } from '../api/message-schemas.ts';
import { notSupported } from '../errors.ts';
import { reasoningEffort } from './reasoning-effort.ts';

type Content = MessageRequest['messages'][number]['content'];

/**
 * Anthropic's request as a chat. A budget of thinking becomes a `reasoning_effort`; `cache_control`, and thinking of
 * earlier turns, which only its own maker can read, are left out.
 *
 * @throws AppError 400 for what has no counterpart there
 */
export function messagesToChat(request: MessageRequest | TokenCountRequest): ChatRequest {
  const effort = reasoningEffort(request);
  const { model, messages, max_tokens: most, system, stop_sequences: stop, temperature, top_p: topP } = request;
  return {
    model,
    messages: [...systemOf(system), ...messages.flatMap(toChatMessages)],
    ...(most !== undefined && { max_completion_tokens: most }),
    ...(effort !== undefined && { reasoning_effort: effort }),
    ...formatOf(request),
    ...(stop && stop.length > 0 && { stop }),
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof topP === 'number' && { top_p: topP }),
    ...toolsOf(request),
    ...(typeof request.metadata?.user_id === 'string' && { user: request.metadata.user_id }),
  };
}

function systemOf(system: Content | null | undefined): ChatMessage[] {
  const text = blocksOf(system ?? '')
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('\n\n');
  return text === '' ? [] : [{ role: 'system', content: text }];
}

function formatOf({ output_config: config }: Pick<MessageRequest, 'output_config'>): Partial<ChatRequest> {
  const schema = config?.format?.schema;
  return schema === undefined
    ? {}
    : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } };
}

function toChatMessages({ role, content }: MessageRequest['messages'][number], index: number): ChatMessage[] {
  const pointer = `/messages/${String(index)}/content`;
  const blocks = blocksOf(content);
  if (role === 'system') return systemOf(content);
  return role === 'assistant' ? [assistantTurn(blocks, pointer)] : userTurns(blocks, pointer);
}

/** Results of tools are messages of their own, before what the user says with them. */
function userTurns(blocks: readonly MessageBlock[], pointer: string): ChatMessage[] {
  const results = blocks.filter(({ type }) => type === 'tool_result');
  const parts = blocks.filter(({ type }) => type !== 'tool_result').map((block) => userPart(block, pointer));
  return [
    ...results.map((block): ChatMessage => ({
      role: 'tool',
      tool_call_id: String(block['tool_use_id']),
      content: blocksOf((block['content'] ?? '') as Content)
        .map((part) => textOf(part, pointer))
        .join('\n'),
    })),
    ...(parts.length > 0 ? [{ role: 'user' as const, content: plain(parts) }] : []),
  ];
}

function assistantTurn(blocks: readonly MessageBlock[], pointer: string): ChatMessage {
  const said = blocks.filter(({ type }) => !['tool_use', 'thinking', 'redacted_thinking'].includes(type));
  const calls = blocks
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => ({
      id: String(id),
      type: 'function',
      function: { name: String(name), arguments: JSON.stringify(input ?? {}) },
    }));
  const text = said.map((block) => textOf(block, pointer)).join('');
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function userPart(block: MessageBlock, pointer: string): { type: string; [key: string]: unknown } {
  if (block.type !== 'image') return { type: 'text', text: textOf(block, pointer) };
  const source = (block['source'] ?? {}) as Readonly<Record<string, unknown>>;
  const url =
    source['type'] === 'base64'
      ? `data:${String(source['media_type'])};base64,${String(source['data'])}`
      : String(source['url']);
  return { type: 'image_url', image_url: { url } };
}

/** One text needs no list: more models take it so. */
function plain(parts: { type: string; [key: string]: unknown }[]): ChatMessage['content'] {
  return parts.every(({ type }) => type === 'text') ? parts.map(({ text }) => String(text)).join('\n') : parts;
}

function textOf(block: MessageBlock, pointer: string): string {
  if (block.type === 'text' && typeof block['text'] === 'string') return block['text'];
  throw notSupported(`blocks of type ${block.type} cannot be passed on`, pointer);
}

function blocksOf(content: Content): readonly MessageBlock[] {
  if (typeof content !== 'string') return content;
  return content === '' ? [] : [{ type: 'text', text: content }];
}

function toolsOf({ tools, tool_choice: choice }: Pick<MessageRequest, 'tools' | 'tool_choice'>): Partial<ChatRequest> {
  if (!tools || tools.length === 0) return {};
  return {
    tools: tools.map(({ name, description, input_schema: parameters }, index) => {
      if (name === undefined || parameters === undefined) {
        throw notSupported(`the tool ${name ?? ''} is one of Anthropic's own servers`, `/tools/${String(index)}`);
      }
      return { type: 'function', function: { name, description, parameters } };
    }),
    ...(choice && { tool_choice: toolChoice(choice) }),
    ...(choice?.['disable_parallel_tool_use'] === true && { parallel_tool_calls: false }),
  };
}

function toolChoice({ type, name }: NonNullable<MessageRequest['tool_choice']>): unknown {
  if (type === 'tool') return { type: 'function', function: { name } };
  return type === 'any' ? 'required' : type;
}
