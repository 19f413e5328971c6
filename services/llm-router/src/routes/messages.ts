import { answered, post, reply, routes } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import type { ChatChunk } from '../api/chat-schemas.ts';
import { completionChunk } from '../api/completion-chunk.ts';
import { Message, MessageRequest } from '../api/message-schemas.ts';
import type { Deps } from '../deps.ts';
import { MessageBuilder } from '../messages/message-builder.ts';
import { messagesToChat } from '../messages/to-chat.ts';
import { callerOf, explained, toClientError } from './exchange.ts';
import { sendStream } from './send-stream.ts';
import type { StreamFormat } from './stream-format.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;

const spec = {
  summary: "Answer a conversation, in the shape of Anthropic's API",
  description: 'Any model answers: what it is asked and what it says are translated.',
  tags: ['chat'],
  body: MessageRequest,
  maxBodyBytes: MAX_BODY_BYTES,
  reply: Message,
  produces: ['text/event-stream'],
  scopes: ['llm:chat'],
  idempotencyKey: 'none',
  errorFormat: 'anthropic',
} as const;

/** `/v1/messages`. */
export const messageRoutes = ({ router }: Pick<Deps, 'router'>): Route[] =>
  routes(
    post('/v1/messages', spec, async (request) => {
      const { body } = request;
      try {
        const chat = messagesToChat(body);
        const builder = new MessageBuilder();
        if (body.stream === true) {
          const routed = await router.streamChat(chat, callerOf(request));
          await sendStream(request, routed, eventFormat(builder));
          return answered();
        }
        const { answer, decision } = await router.chat(chat, callerOf(request));
        builder.push(completionChunk(answer.value));
        return reply(builder.message(), { headers: explained(decision) });
      } catch (error) {
        throw toClientError(error);
      }
    }),
  );

function eventFormat(builder: MessageBuilder): StreamFormat<ChatChunk> {
  const worded = (event: { readonly type: string }): string =>
    `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  return {
    batch: (batch) => batch.flatMap(({ value }) => builder.push(value).map(worded)).join(''),
    end: () => builder.end().map(worded).join(''),
    failure: (error) => `event: error\ndata: ${error}\n\n`,
  };
}
