import type { ChatMessage, ChatRequest } from '../../api/chat-schemas.ts';
import { notSupported } from '../../errors.ts';

/** What the model was trained with where the conversation has no system message. */
const DEFAULT_SYSTEM = 'You are a helpful AI assistant named SmolLM, trained by Hugging Face';
const ROLES: Readonly<Record<string, string>> = { developer: 'system', tool: 'user', function: 'user' };

/** The conversation as the model has learnt to read it (ChatML). @throws AppError 400 for what it cannot read */
export function chatPrompt({ messages }: Pick<ChatRequest, 'messages'>): string {
  const turns = messages.map((message, index) => turn(message, index));
  const first = messages[0]?.role;
  const system = first === 'system' || first === 'developer' ? '' : `<|im_start|>system\n${DEFAULT_SYSTEM}<|im_end|>\n`;
  return `${system}${turns.join('')}<|im_start|>assistant\n`;
}

function turn({ role, content }: ChatMessage, index: number): string {
  return `<|im_start|>${ROLES[role] ?? role}\n${plainText(textOf(content, index))}<|im_end|>\n`;
}

function textOf(content: ChatMessage['content'], index: number): string {
  if (typeof content === 'string') return content;
  return (content ?? [])
    .map((part, place) => {
      if (part.type === 'text' && typeof part['text'] === 'string') return part['text'];
      throw notSupported('the embedded model reads text only', `/messages/${String(index)}/content/${String(place)}`);
    })
    .join('\n');
}

/** A text that spells a control token must not become one: it would end its message and begin another's. */
function plainText(text: string): string {
  return text.replace(/<\|(im_start|im_end|endoftext)\|>/g, '<| $1 |>');
}
