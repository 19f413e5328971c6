import type { ChatCompletion } from './chat-schemas.ts';

type Choice = ChatCompletion['choices'][number];

/** What an assistant said and called, and why it ended. */
export interface Said {
  readonly index: number;
  readonly text: string;
  /** What it thought before; in the member that DeepSeek named, and vLLM and others took over. */
  readonly thinking?: string;
  readonly calls: NonNullable<Choice['message']['tool_calls']>;
  readonly finish: string | null;
}

/** One choice as OpenAI words it: without a text beside its calls, the content is null. */
export function completionChoice({ index, text, thinking = '', calls, finish }: Said): Choice {
  return {
    index,
    message: {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      refusal: null,
      ...(thinking !== '' && { reasoning_content: thinking }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    logprobs: null,
    finish_reason: finish,
  };
}
