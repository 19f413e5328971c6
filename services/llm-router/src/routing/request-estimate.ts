import type { Amounts } from '../quotas/quota-gate.ts';
import type { PriceBook } from './price-book.ts';
import type { Target } from './route-book.ts';

/** What replies may say of what they took. */
export interface TokenCounts {
  readonly prompt_tokens?: number | undefined;
  readonly completion_tokens?: number | undefined;
  readonly total_tokens?: number | undefined;
}

/** Set aside for an answer whose length the client does not bound. */
const COMPLETION_TOKENS = 4_096;
/** Few texts have shorter tokens: what is set aside is rather too much, and given back. */
const CHARACTERS_PER_TOKEN = 3;
/** What frames each message. */
const MESSAGE_TOKENS = 8;
/** Members with what a model reads. */
const READ = ['messages', 'prompt', 'input', 'query', 'documents', 'tools', 'response_format'] as const;

export function tokensOf(value: object): TokenCounts | undefined {
  return (value as { usage?: TokenCounts | null }).usage ?? undefined;
}

/** Tokens that a request reads, and may have written. */
export function estimateTokens(
  request: object,
  unbounded: number = COMPLETION_TOKENS,
): { prompt_tokens: number; completion_tokens: number } {
  const given = request as Readonly<Record<string, unknown>>;
  const characters = READ.reduce((sum, name) => sum + lengthOf(given[name]), 0);
  const framed = Array.isArray(given['messages']) ? given['messages'].length : 0;
  const isWritten = 'messages' in given || 'prompt' in given;
  const asked = given['max_completion_tokens'] ?? given['max_tokens'];
  const each = typeof asked === 'number' ? asked : unbounded;
  const choices = typeof given['n'] === 'number' ? given['n'] : 1;
  return {
    prompt_tokens: Math.ceil(characters / CHARACTERS_PER_TOKEN) + framed * MESSAGE_TOKENS,
    completion_tokens: isWritten ? each * choices : 0,
  };
}

/** What has to be set aside, whoever of the targets answers. */
export function amountsOf(request: object, targets: readonly Target[], prices: PriceBook): Amounts {
  const { prompt_tokens: read, completion_tokens: written } = estimateTokens(request);
  const micros = targets.map(({ id }) => prices.cost(id, read, written));
  return { micros: Math.max(0, ...micros), tokens: read + written, requests: 1 };
}

/** Characters of all texts in a value; a number is a token. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value === 'number') return CHARACTERS_PER_TOKEN;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + lengthOf(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + lengthOf(item), 0);
}
