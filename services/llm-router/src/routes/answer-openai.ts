import { answered, stream } from '@genai-platform/common';
import type { Identity, RouteRequest, RouteSpec } from '@genai-platform/common';
import type { Worded } from '../providers/provider.ts';
import type { Caller } from '../routing/caller.ts';
import type { Routed, RoutedStream } from '../routing/asked.ts';
import { callerOf, explained, toClientError } from './exchange.ts';
import { sendStream } from './send-stream.ts';
import { openAiStream, type OpenAiChunk } from './stream-format.ts';

/** What OpenAI's completions of both kinds have in common. */
export const completionSpec = {
  tags: ['chat'],
  status: 200,
  scopes: ['llm:chat'],
  idempotencyKey: 'none',
  errorFormat: 'openai',
} as const;

/** A request that says whether it wants a stream. */
export interface AnswerableRequest extends Pick<
  RouteRequest<RouteSpec>,
  'req' | 'res' | 'log' | 'requestId' | 'signal'
> {
  readonly identity: Identity;
  readonly body: {
    readonly stream?: boolean | null | undefined;
    readonly stream_options?: { readonly include_usage?: boolean | null | undefined } | null | undefined;
  };
}

/** The two ways in which a request can be answered. */
export interface Ways<A, C extends OpenAiChunk> {
  whole(caller: Caller): Promise<Routed<Worded<A>>>;
  streamed(caller: Caller): Promise<RoutedStream<C>>;
}

/** Answers with the provider's own words, whole or event by event, as `stream` asks. */
export async function answerOpenAi<A, C extends OpenAiChunk>(
  request: AnswerableRequest,
  ways: Ways<A, C>,
): Promise<ReturnType<typeof answered> | ReturnType<typeof stream>> {
  const { body } = request;
  try {
    if (body.stream === true) {
      await sendStream(request, await ways.streamed(callerOf(request)), openAiStream(body.stream_options));
      return answered();
    }
    const { answer, decision } = await ways.whole(callerOf(request));
    return stream(answer.text, 'application/json', { headers: explained(decision) });
  } catch (error) {
    throw toClientError(error);
  }
}
