import type { ChatMessage, ChatRequest } from '../api/chat-schemas.ts';
import type { Item, ResponseRequest } from '../api/response-schemas.ts';
import { notSupported } from '../errors.ts';

/** The items of a request; a text is what a user says. */
export function inputItems(input: ResponseRequest['input']): Item[] {
  return typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : input;
}

/**
 * A response's request as a chat.
 *
 * @param items the whole conversation: what was said before, and the input
 * @throws AppError 400 for what has no counterpart there
 */
export function responseToChat(request: ResponseRequest, items: readonly Item[]): ChatRequest {
  const { model, instructions, max_output_tokens: most, temperature, top_p: topP, user, reasoning } = request;
  const system: ChatMessage[] = instructions ? [{ role: 'system', content: instructions }] : [];
  return {
    model,
    messages: [...system, ...joined(items.flatMap(toMessage))],
    ...(typeof most === 'number' && { max_completion_tokens: most }),
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof topP === 'number' && { top_p: topP }),
    ...(typeof user === 'string' && { user }),
    ...(reasoning?.effort && { reasoning_effort: reasoning.effort }),
    ...toolsOf(request),
    ...formatOf(request),
  };
}

function toMessage(item: Item, index: number): ChatMessage[] {
  const pointer = `/input/${String(index)}`;
  switch (item.type ?? 'message') {
    case 'message':
      return [{ role: roleOf(item['role'], pointer), content: contentOf(item['content'], pointer) }];
    case 'function_call': {
      const called = { name: String(item['name']), arguments: String(item['arguments']) };
      const calls = [{ id: String(item['call_id']), type: 'function', function: called }];
      return [{ role: 'assistant', content: null, tool_calls: calls }];
    }
    case 'function_call_output':
      return [{ role: 'tool', tool_call_id: String(item['call_id']), content: outputOf(item['output'], pointer) }];
    case 'reasoning':
      return [];
    default:
      throw notSupported(`items of type ${String(item.type)} cannot be passed on`, pointer);
  }
}

/** Calls that one turn made are one message, with what was said before them. */
function joined(messages: readonly ChatMessage[]): ChatMessage[] {
  const result: ChatMessage[] = [];
  for (const message of messages) {
    const last = result.at(-1);
    if (last?.role === 'assistant' && message.role === 'assistant' && message.tool_calls) {
      result[result.length - 1] = { ...last, tool_calls: [...(last.tool_calls ?? []), ...message.tool_calls] };
    } else result.push(message);
  }
  return result;
}

const ROLES = ['system', 'developer', 'user', 'assistant'] as const;

function roleOf(role: unknown, pointer: string): ChatMessage['role'] {
  const found = ROLES.find((known) => known === role);
  if (found === undefined) throw notSupported(`the role ${String(role)} is not known`, `${pointer}/role`);
  return found;
}

function contentOf(content: unknown, pointer: string): ChatMessage['content'] {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw notSupported('a message needs a content', `${pointer}/content`);
  const parts = (content as Item[]).map((part, place) => partOf(part, `${pointer}/content/${String(place)}`));
  return parts.every(({ type }) => type === 'text') ? parts.map(({ text }) => String(text)).join('\n') : parts;
}

function partOf(part: Item, pointer: string): { type: string; [key: string]: unknown } {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: part['text'] };
    case 'refusal':
      return { type: 'text', text: part['refusal'] };
    case 'input_image':
      if (typeof part['image_url'] !== 'string') throw notSupported('a picture needs an image_url', pointer);
      return {
        type: 'image_url',
        image_url: { url: part['image_url'], ...(part['detail'] !== undefined && { detail: part['detail'] }) },
      };
    default:
      throw notSupported(`parts of type ${String(part.type)} cannot be passed on`, pointer);
  }
}

function outputOf(output: unknown, pointer: string): string {
  if (typeof output === 'string') return output;
  const content = contentOf(output, pointer);
  return typeof content === 'string' ? content : JSON.stringify(content);
}

function toolsOf({ tools, tool_choice: choice, parallel_tool_calls: parallel }: ResponseRequest): Partial<ChatRequest> {
  if (!tools || tools.length === 0) return {};
  return {
    tools: tools.map(({ type, name, description, parameters, strict }, index) => {
      if (type !== 'function') throw notSupported(`there is no tool of type ${type} here`, `/tools/${String(index)}`);
      const described = { name, description, parameters, ...(typeof strict === 'boolean' && { strict }) };
      return { type, function: described };
    }),
    ...(choice !== undefined && choice !== null && { tool_choice: toolChoice(choice) }),
    ...(typeof parallel === 'boolean' && { parallel_tool_calls: parallel }),
  };
}

function toolChoice(choice: unknown): unknown {
  const { type, name } = choice as { readonly type?: unknown; readonly name?: unknown };
  return type === 'function' ? { type, function: { name } } : choice;
}

function formatOf({ text }: ResponseRequest): Partial<ChatRequest> {
  const { type, name, schema, strict } = text?.format ?? { type: 'text' };
  if (type === 'json_object') return { response_format: { type } };
  if (type !== 'json_schema') return {};
  const described = {
    name: String(name),
    schema: schema as Record<string, unknown>,
    ...(typeof strict === 'boolean' && { strict }),
  };
  return { response_format: { type, json_schema: described } };
}
