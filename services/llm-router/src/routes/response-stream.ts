import type { ChatChunk } from '../api/chat-schemas.ts';
import type { ModelResponse, ResponseEvent } from '../api/response-schemas.ts';
import type { ResponseBuilder } from '../responses/response-builder.ts';
import type { StreamFormat } from './stream-format.ts';

/** The events of OpenAI's responses. What is complete is kept before its client hears so, who may go on from it at once. */
export function responseStream(
  builder: ResponseBuilder,
  keep: (response: ModelResponse) => Promise<ModelResponse>,
): StreamFormat<ChatChunk> {
  let begun = false;
  const begin = (): ResponseEvent[] => {
    if (begun) return [];
    begun = true;
    return builder.start();
  };
  return {
    batch: (batch) => [...begin(), ...batch.flatMap(({ value }) => builder.push(value))].map(worded).join(''),
    end: async () => {
      const ending = builder.end();
      const response = await keep(builder.completed());
      return [...begin(), ...ending.slice(0, -1), { ...(ending.at(-1) as ResponseEvent), response }]
        .map(worded)
        .join('');
    },
    failure: (error) => {
      const { code, message } = (JSON.parse(error) as { error: { code: string; message: string } }).error;
      return [...begin(), ...builder.fail('failed', { code, message })].map(worded).join('');
    },
  };
}

function worded(event: ResponseEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
