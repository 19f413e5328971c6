import type { ChatMessage, ChatRequest } from '../../api/chat-schemas.ts';
import { notSupported } from '../../errors.ts';

type Json = Record<string, unknown>;
/** Tokens of thinking for OpenAI's words, as in https://ai.google.dev/gemini-api/docs/openai. */
const THINKING_BUDGETS: ReadonlyMap<unknown, number> = new Map([
  ['none', 0],
  ['minimal', 1_024],
  ['low', 1_024],
  ['medium', 8_192],
  ['high', 24_576],
]);

type Content = { readonly role: 'user' | 'model'; readonly parts: Json[] };

/** A request in the words of Gemini's API (https://ai.google.dev/api/generate-content). */
export function toGemini(request: ChatRequest): Json {
  const { messages } = request;
  const names = callNames(messages);
  const isSystem = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';
  const system = messages.filter(isSystem).flatMap(({ content }) => partsOf(content));
  return {
    contents: joined(messages.filter((message) => !isSystem(message)).map((message) => toContent(message, names))),
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    generationConfig: generationConfig(request),
    ...toolsOf(request),
  };
}

/** Results of tools come with the id of their call; Gemini wants its name. */
function callNames(messages: readonly ChatMessage[]): ReadonlyMap<string, string> {
  const calls = messages.flatMap(({ tool_calls: list }) => list ?? []);
  return new Map(calls.map(({ id, function: called }) => [id, called?.name ?? '']));
}

function toContent({ role, content, ...message }: ChatMessage, names: ReadonlyMap<string, string>): Content {
  if (role === 'tool' || role === 'function') {
    const name = names.get(message.tool_call_id ?? '') ?? '';
    return { role: 'user', parts: [{ functionResponse: { name, response: responseOf(content) } }] };
  }
  if (role !== 'assistant') return { role: 'user', parts: partsOf(content) };
  const calls = (message.tool_calls ?? []).map(({ function: called }) => ({
    functionCall: { name: called?.name, args: parsed(called?.arguments ?? '') },
  }));
  return { role: 'model', parts: [...partsOf(content), ...calls] };
}

/** Turns have to alternate. */
function joined(contents: readonly Content[]): Content[] {
  const result: Content[] = [];
  for (const content of contents) {
    const last = result.at(-1);
    if (last?.role === content.role) last.parts.push(...content.parts);
    else result.push({ role: content.role, parts: [...content.parts] });
  }
  return result;
}

function partsOf(content: ChatMessage['content']): Json[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  return (content ?? []).map((part) => {
    if (part.type === 'text') return { text: part['text'] };
    if (part.type === 'image_url') return imageOf(part['image_url']);
    throw notSupported(`a message part of type ${part.type} cannot be sent to this provider`, '/messages');
  });
}

function imageOf(image: unknown): Json {
  const { url } = (image ?? {}) as { url?: unknown };
  const [, mimeType, data] = typeof url === 'string' ? (/^data:([\w/+.-]+);base64,(.*)$/s.exec(url) ?? []) : [];
  if (data === undefined) throw notSupported('this provider takes pictures as data: URLs only', '/messages');
  return { inlineData: { mimeType, data } };
}

/** An object; what is none is put into one. */
function responseOf(content: ChatMessage['content']): Json {
  const text =
    typeof content === 'string'
      ? content
      : partsOf(content)
          .map((part) => String(part['text']))
          .join('\n');
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // It is a plain text.
  }
  return { result: text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  } catch {
    throw notSupported('the arguments of a tool call are not JSON', '/messages');
  }
}

function generationConfig(request: ChatRequest): Json {
  const { response_format: format, stop } = request;
  const fields: Json = {
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    candidateCount: request.n,
    seed: request.seed,
    presencePenalty: request.presence_penalty,
    frequencyPenalty: request.frequency_penalty,
    stopSequences: stop === null || stop === undefined ? undefined : [stop].flat(),
    responseMimeType:
      format !== null && format !== undefined && format.type !== 'text' ? 'application/json' : undefined,
    responseJsonSchema: format?.json_schema?.schema,
    thinkingConfig: thinkingConfig(request['reasoning_effort']),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function thinkingConfig(effort: unknown): Json | undefined {
  const thinkingBudget = THINKING_BUDGETS.get(effort);
  return thinkingBudget === undefined ? undefined : { thinkingBudget, includeThoughts: thinkingBudget > 0 };
}

function toolsOf({ tools, tool_choice: choice }: ChatRequest): Json {
  if (!tools || tools.length === 0) return {};
  const functionDeclarations = tools.map((tool) => {
    const { name, description, parameters } = (tool['function'] ?? {}) as Json;
    return { name, description, ...(parameters !== undefined && { parametersJsonSchema: parameters }) };
  });
  return { tools: [{ functionDeclarations }], ...callingConfig(choice) };
}

function callingConfig(choice: unknown): Json {
  const name = (choice as { function?: { name?: unknown } } | null | undefined)?.function?.name;
  const modes: Readonly<Record<string, string>> = { auto: 'AUTO', none: 'NONE', required: 'ANY' };
  const mode = typeof name === 'string' ? 'ANY' : modes[String(choice)];
  if (mode === undefined) return {};
  const config = { mode, ...(typeof name === 'string' && { allowedFunctionNames: [name] }) };
  return { toolConfig: { functionCallingConfig: config } };
}
