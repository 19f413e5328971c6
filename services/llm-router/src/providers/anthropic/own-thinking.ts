import type { MessageRequest } from '../../api/message-schemas.ts';

type Messages = MessageRequest['messages'];

/**
 * A conversation without what other makers' models thought in it: that has no signature, and Anthropic's models take no
 * thinking without one. Their own goes back as it came, as it has to.
 */
export function withOwnThinking(messages: Messages): Messages {
  return messages.map((message) => {
    const { content } = message;
    if (typeof content === 'string') return message;
    const own = content.filter(({ type, signature }) => type !== 'thinking' || signature !== '');
    return own.length === content.length || own.length === 0 ? message : { ...message, content: own };
  });
}
