import type { MessageRequest } from '../api/message-schemas.ts';

/** From so many tokens of thinking on, OpenAI's word for it; by the middle between the budgets that Gemini gives them. */
const EFFORTS = [
  { tokens: 16_384, effort: 'high' },
  { tokens: 4_096, effort: 'medium' },
  { tokens: 0, effort: 'low' },
] as const;
const KNOWN: ReadonlyMap<unknown, string> = new Map([
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'high'],
  ['max', 'high'],
]);

/** Whether an answer may come with blocks of thinking. */
export function wantsThinking({ thinking }: Pick<MessageRequest, 'thinking'>): boolean {
  return thinking !== null && thinking !== undefined && thinking.type !== 'disabled';
}

/** How much a model is to think that has no budget of tokens for it; undefined where nothing is said of it. */
export function reasoningEffort(request: Pick<MessageRequest, 'thinking' | 'output_config'>): string | undefined {
  const named = KNOWN.get(request.output_config?.effort);
  const budget = request.thinking?.budget_tokens;
  if (named !== undefined || budget === undefined || !wantsThinking(request)) return named;
  return EFFORTS.find(({ tokens }) => budget >= tokens)?.effort;
}
