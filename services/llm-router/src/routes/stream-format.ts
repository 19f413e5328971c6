import type { Batch } from '../routing/routed-stream.ts';

/** How the events of one API are worded. */
export interface StreamFormat<C extends object> {
  /** The text of the events; empty where there is nothing to say. */
  batch(batch: Batch<C>): string;
  /** What a complete stream ends with. */
  end(): string | Promise<string>;
  /** The event that says that the stream broke off. @param error the JSON that the API words errors as */
  failure(error: string): string;
}

/** What every event of OpenAI's may tell. */
export interface OpenAiChunk {
  readonly choices: readonly unknown[];
  readonly usage?: object | null;
}

/** OpenAI's chat and text completions: what the provider says of usage leaves only where it was asked for. */
export function openAiStream<C extends OpenAiChunk>(
  options: { readonly include_usage?: boolean | null | undefined } | null | undefined,
): StreamFormat<C> {
  const withUsage = options?.include_usage === true;
  return {
    batch: (batch) => {
      let text = '';
      for (const event of batch) {
        if (!withUsage && event.isText !== true && event.value.choices.length === 0 && event.value.usage) continue;
        text += `data: ${event.text}\n\n`;
      }
      return text;
    },
    end: () => 'data: [DONE]\n\n',
    failure: (error) => `data: ${error}\n\n`,
  };
}
