import type { ChatChunk } from './chat-schemas.ts';

/** A piece of a tool call. The first one of a call has its id and name. */
export interface CallDelta {
  readonly index: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

/** What a chunk adds to the first choice. */
export interface ChoiceDelta {
  readonly text: string;
  /** Of what the model thinks, which is not its answer. */
  readonly thinking: string;
  readonly calls: readonly CallDelta[];
  readonly finish: string | null;
}

/** Only the first choice: other APIs than OpenAI's chat know of no others. */
export function firstDelta({ choices }: ChatChunk): ChoiceDelta {
  const choice = choices.find(({ index }) => index === 0);
  const { content, tool_calls: calls } = choice?.delta ?? {};
  return {
    text: typeof content === 'string' ? content : '',
    thinking: thinkingIn(choice?.delta ?? {}),
    calls: Array.isArray(calls) ? (calls as CallDelta[]) : [],
    finish: choice?.finish_reason ?? null,
  };
}

/** DeepSeek and vLLM call it `reasoning_content`, OpenRouter and later vLLM `reasoning`. */
export function thinkingIn(said: Readonly<Record<string, unknown>>): string {
  const thinking = said['reasoning_content'] ?? said['reasoning'];
  return typeof thinking === 'string' ? thinking : '';
}
