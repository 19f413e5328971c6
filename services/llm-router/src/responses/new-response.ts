import { newId } from '@genai-platform/common';
import type { Usage } from '../api/chat-schemas.ts';
import type { ModelResponse, ResponseRequest } from '../api/response-schemas.ts';

/** A response before anything was said: everything that it repeats of its request. */
export function newResponse(
  request: ResponseRequest,
  { nowMs, store }: { readonly nowMs: number; readonly store: boolean },
): ModelResponse {
  const { model, reasoning, text } = request;
  return {
    id: newId('resp'),
    object: 'response',
    created_at: Math.floor(nowMs / 1_000),
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    model,
    output: [],
    ...REPEATED,
    ...Object.fromEntries(Object.keys(REPEATED).flatMap((name) => given(request, name))),
    reasoning: { effort: reasoning?.effort ?? null, summary: null },
    store,
    text: { format: text?.format ?? { type: 'text' } },
    truncation: 'disabled',
    usage: null,
  };
}

/** What a response repeats of its request, and what it says where the request did not. */
const REPEATED = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  user: null,
} as const;

function given(request: ResponseRequest, name: string): [string, unknown][] {
  const value = request[name];
  return value === null || value === undefined ? [] : [[name, value]];
}

/** A chat's usage in the words of responses. */
export function usageOf(usage: Usage): NonNullable<ModelResponse['usage']> {
  const details = (name: string): Readonly<Record<string, number>> =>
    (usage[name] ?? {}) as Readonly<Record<string, number>>;
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: { cached_tokens: details('prompt_tokens_details')['cached_tokens'] ?? 0 },
    output_tokens: usage.completion_tokens,
    output_tokens_details: { reasoning_tokens: details('completion_tokens_details')['reasoning_tokens'] ?? 0 },
    total_tokens: usage.total_tokens,
  };
}
