import type { IncomingMessage } from 'node:http';
import { answered, post, routes, stream } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { Message, MessageRequest, TokenCount, TokenCountRequest, type MessageEvent } from '../api/message-schemas.ts';
import type { Deps } from '../deps.ts';
import type { AskedMessage } from '../routing/router.ts';
import { callerOf, explained, toClientError } from './exchange.ts';
import { sendStream } from './send-stream.ts';
import type { StreamFormat } from './stream-format.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const MOST_BETAS = 32;
const BETA = /^[\w.-]{1,128}$/;

const common = {
  tags: ['chat'],
  maxBodyBytes: MAX_BODY_BYTES,
  scopes: ['llm:chat'],
  status: 200,
  idempotencyKey: 'none',
  errorFormat: 'anthropic',
} as const;

const spec = {
  ...common,
  summary: "Answer a conversation, in the shape of Anthropic's API",
  description:
    "Any model answers. Anthropic's models get the request as it is and answer in their own words, with thinking, " +
    'signatures and caching of prompts; for others it is translated: a budget of thinking becomes a ' +
    '`reasoning_effort`, `cache_control` says nothing there.',
  body: MessageRequest,
  replies: {
    200: {
      description: 'A message, or its events',
      schema: Message,
      contentTypes: ['application/json', 'text/event-stream'],
    },
  },
} as const;

const countSpec = {
  ...common,
  summary: 'Count the tokens of a conversation before it is sent',
  description:
    "By the provider where it counts (Anthropic, Bedrock's Claude, Gemini, the embedded model). Others do not say: " +
    'the estimate that limits are reckoned by stands in, rather too high, with `"estimated": true` and the header ' +
    '`x-router-token-count: estimated`. It takes one request of the limits, no tokens and no money.',
  body: TokenCountRequest,
  replies: {
    200: { description: 'How many tokens', schema: TokenCount, contentTypes: ['application/json'] },
  },
} as const;

/** `/v1/messages`. */
export const messageRoutes = ({ router }: Pick<Deps, 'router'>): Route[] =>
  routes(
    post('/v1/messages', spec, async (request) => {
      const asked = askedIn(request);
      try {
        if (request.body.stream === true) {
          await sendStream(request, await router.streamMessage(asked, callerOf(request)), eventFormat);
          return answered();
        }
        const { answer, decision } = await router.message(asked, callerOf(request));
        return stream(answer.text, 'application/json', { headers: explained(decision) });
      } catch (error) {
        throw toClientError(error);
      }
    }),
    post('/v1/messages/count_tokens', countSpec, async (request) => {
      const asked = askedIn(request);
      try {
        const { answer, decision } = await router.countTokens(asked, callerOf(request));
        const { estimated } = answer.value;
        const headers = { 'x-router-token-count': estimated === true ? 'estimated' : 'exact' };
        return stream(answer.text, 'application/json', { headers: { ...explained(decision), ...headers } });
      } catch (error) {
        throw toClientError(error);
      }
    }),
  );

function askedIn<R>({ body, req }: { readonly body: R; readonly req: IncomingMessage }): AskedMessage<R> {
  return { request: body, betas: betasOf(req.headers['anthropic-beta']) };
}

/** Anthropic's clients name features that are not generally there yet; what cannot be a name is left out. */
function betasOf(header: string | string[] | undefined): string[] {
  const names = [header ?? []].flat().flatMap((line) => line.split(','));
  return names
    .map((name) => name.trim())
    .filter((name) => BETA.test(name))
    .slice(0, MOST_BETAS);
}

const eventFormat: StreamFormat<MessageEvent> = {
  batch: (batch) => batch.map(({ value, text }) => `event: ${value.type}\ndata: ${text}\n\n`).join(''),
  end: () => '',
  failure: (error) => `event: error\ndata: ${error}\n\n`,
};
