import type { Usage } from './chat-schemas.ts';

/** What replies may say of what they took, in OpenAI's words. */
export interface TokenCounts {
  readonly prompt_tokens?: number | undefined;
  readonly completion_tokens?: number | undefined;
  readonly total_tokens?: number | undefined;
  readonly prompt_tokens_details?: CacheCounts | null | undefined;
  /** Whether nobody counted. */
  readonly estimated?: boolean | undefined;
}

/** Tokens of the prompt that were in the provider's cache, and that it has now. */
interface CacheCounts {
  readonly cached_tokens?: number | null | undefined;
  readonly cache_write_tokens?: number | null | undefined;
}

type Counts = Readonly<Record<string, number | null | undefined>>;

/** Anthropic's usage in OpenAI's words, where tokens of the provider's cache are part of the prompt. */
export function messageCounts(usage: unknown): Usage {
  const counts = (usage ?? {}) as Counts;
  const cached = counts['cache_read_input_tokens'] ?? 0;
  const written = counts['cache_creation_input_tokens'] ?? 0;
  const prompt = (counts['input_tokens'] ?? 0) + cached + written;
  const completion = counts['output_tokens'] ?? 0;
  const thinking = (counts['output_tokens_details'] as Counts | null | undefined)?.['thinking_tokens'];
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    ...(typeof thinking === 'number' && { completion_tokens_details: { reasoning_tokens: thinking } }),
  };
}

/** What a reply of either shape says that it took; undefined where it says nothing. */
export function countsOf(reply: object): TokenCounts | undefined {
  const { usage } = reply as { usage?: object | null };
  if (usage === null || usage === undefined) return undefined;
  return 'input_tokens' in usage ? messageCounts(usage) : usage;
}
