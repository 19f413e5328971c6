import type { TokenCounts } from '../api/token-counts.ts';
import { estimatedTokens } from '../api/token-estimate.ts';
import type { Amounts } from '../quotas/quota-gate.ts';
import type { PriceBook } from './price-book.ts';
import type { Target } from './route-book.ts';

/** Set aside for an answer whose length the client does not bound. */
const COMPLETION_TOKENS = 4_096;
/** What frames each message. */
const MESSAGE_TOKENS = 8;
/** Members with what a model reads. */
const READ = ['system', 'messages', 'prompt', 'input', 'query', 'documents', 'tools', 'response_format'] as const;

/** Tokens that a request reads, and may have written. */
export function estimateTokens(
  request: object,
  unbounded: number = COMPLETION_TOKENS,
): { prompt_tokens: number; completion_tokens: number } {
  const given = request as Readonly<Record<string, unknown>>;
  const framed = Array.isArray(given['messages']) ? given['messages'].length : 0;
  const isWritten = 'messages' in given || 'prompt' in given;
  const asked = given['max_completion_tokens'] ?? given['max_tokens'];
  const each = typeof asked === 'number' ? asked : unbounded;
  const choices = typeof given['n'] === 'number' ? given['n'] : 1;
  return {
    prompt_tokens: estimatedTokens(READ.map((name) => given[name])) + framed * MESSAGE_TOKENS,
    completion_tokens: isWritten ? each * choices : 0,
  };
}

/** What has to be set aside, whoever of the targets answers. */
export function amountsOf(request: object, targets: readonly Target[], prices: PriceBook): Amounts {
  const { prompt_tokens: read, completion_tokens: written } = estimateTokens(request);
  const micros = targets.map(({ id }) => prices.mostCost(id, { prompt: read, completion: written }));
  return { micros: Math.max(0, ...micros), tokens: read + written, requests: 1 };
}

/** What a request took whose provider does not say it: what it reads, and what is in the answer. */
export function estimateCounts(request: object, answer: object): TokenCounts {
  const { choices, content } = answer as { choices?: unknown; content?: unknown };
  return {
    prompt_tokens: estimateTokens(request, 0).prompt_tokens,
    completion_tokens: estimatedTokens(choices ?? content),
    estimated: true,
  };
}
