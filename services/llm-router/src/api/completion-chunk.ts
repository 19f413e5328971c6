import type { ChatChunk, ChatCompletion } from './chat-schemas.ts';

/** A whole completion as the one event of a stream: what is made of streams is made of it in the same way. */
export function completionChunk({ id, created, model, choices, usage }: ChatCompletion): ChatChunk {
  return {
    id,
    object: 'chat.completion.chunk',
    created,
    model,
    choices: choices.map(({ index, message, finish_reason: finish }) => ({
      index,
      delta: { ...message, ...(message.tool_calls && { tool_calls: message.tool_calls.map(numbered) }) },
      finish_reason: finish,
    })),
    ...(usage && { usage }),
  };
}

function numbered<T extends object>(call: T, index: number): T & { index: number } {
  return { ...call, index };
}
