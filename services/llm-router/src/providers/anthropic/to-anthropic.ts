import type { ChatMessage, ChatRequest } from '../../api/chat-schemas.ts';
import { notSupported } from '../../errors.ts';

/** What Anthropic asks for where the client names no limit. */
const MAX_TOKENS = 4_096;

type Json = Record<string, unknown>;

/**
 * A request in Anthropic's words (https://docs.anthropic.com/en/api/messages). `thinking` is taken as Anthropic's own
 * OpenAI-shaped API takes it: in Anthropic's words.
 */
export function toAnthropic(request: ChatRequest, model: string): Json {
  const stop = [request.stop ?? []].flat();
  return {
    model,
    max_tokens: request.max_completion_tokens ?? request.max_tokens ?? MAX_TOKENS,
    messages: joined(request.messages.filter(({ role }) => role !== 'system' && role !== 'developer').map(toTurn)),
    ...systemOf(request),
    ...(typeof request.temperature === 'number' && { temperature: Math.min(1, request.temperature) }),
    ...(typeof request.top_p === 'number' && { top_p: request.top_p }),
    ...(stop.length > 0 && { stop_sequences: stop }),
    ...toolsOf(request),
    ...(typeof request['thinking'] === 'object' && request['thinking'] !== null && { thinking: request['thinking'] }),
    ...(typeof request.user === 'string' && { metadata: { user_id: request.user } }),
  };
}

function systemOf({ messages, response_format: format }: ChatRequest): Json {
  const texts = messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) =>
      partsOf(content)
        .map(({ text }) => (typeof text === 'string' ? text : ''))
        .join('\n'),
    );
  if (format?.type === 'json_object') texts.push('Answer with one JSON object and nothing else.');
  if (format?.type === 'json_schema') {
    texts.push(`Answer with nothing but JSON that matches this schema: ${JSON.stringify(format.json_schema?.schema)}`);
  }
  return texts.length === 0 ? {} : { system: texts.join('\n\n') };
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: Json[];
}

function toTurn(message: ChatMessage): Turn {
  const { role, content, tool_calls: calls, tool_call_id: id } = message;
  if (role === 'tool' || role === 'function') {
    return { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: partsOf(content) }] };
  }
  if (role !== 'assistant') return { role: 'user', content: partsOf(content) };
  const uses = (calls ?? []).map((call) => ({
    type: 'tool_use',
    id: call.id,
    name: call.function?.name,
    input: parsed(call.function?.arguments ?? ''),
  }));
  return { role: 'assistant', content: [...partsOf(content), ...uses] };
}

/** Turns have to alternate: the results of several tools are one turn. */
function joined(turns: readonly Turn[]): Turn[] {
  const result: Turn[] = [];
  for (const turn of turns) {
    const last = result.at(-1);
    if (last?.role === turn.role) last.content.push(...turn.content);
    else result.push({ role: turn.role, content: [...turn.content] });
  }
  return result;
}

function partsOf(content: ChatMessage['content']): Json[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return (content ?? []).map((part) => {
    if (part.type === 'text') return { type: 'text', text: part['text'] };
    if (part.type === 'image_url') return imageOf(part['image_url']);
    throw notSupported(`a message part of type ${part.type} cannot be sent to this provider`, '/messages');
  });
}

function imageOf(image: unknown): Json {
  const { url } = (image ?? {}) as { url?: unknown };
  if (typeof url !== 'string') throw notSupported('a picture needs a url', '/messages');
  const [, type, data] = /^data:([\w/+.-]+);base64,(.*)$/s.exec(url) ?? [];
  return {
    type: 'image',
    source: data === undefined ? { type: 'url', url } : { type: 'base64', media_type: type, data },
  };
}

function toolsOf({ tools, tool_choice: choice, parallel_tool_calls: parallel }: ChatRequest): Json {
  if (tools === null || tools === undefined || tools.length === 0) return {};
  const converted = tools.map((tool) => {
    const { name, description, parameters } = (tool['function'] ?? {}) as Json;
    return { name, description, input_schema: parameters ?? { type: 'object', properties: {} } };
  });
  const single = parallel === false ? { disable_parallel_tool_use: true } : {};
  return { tools: converted, ...toolChoice(choice, single) };
}

function toolChoice(choice: unknown, single: Json): Json {
  if (choice === 'none') return { tool_choice: { type: 'none' } };
  if (choice === 'required') return { tool_choice: { type: 'any', ...single } };
  const name = (choice as { function?: { name?: unknown } } | null | undefined)?.function?.name;
  if (typeof name === 'string') return { tool_choice: { type: 'tool', name, ...single } };
  return Object.keys(single).length === 0 ? {} : { tool_choice: { type: 'auto', ...single } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  } catch {
    throw notSupported('the arguments of a tool call are not JSON', '/messages');
  }
}
