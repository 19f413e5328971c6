import type { PriceTable } from '../configuration/llm-settings.ts';
import type { Target } from './route-book.ts';

const MILLION = 1_000_000;
/** For comparing targets: a prompt four times as long as its answer. */
const USUAL = { prompt: 2_000, completion: 500 };

/** Tokens that cost something. Those of the provider's cache are part of the prompt. */
export interface PricedTokens {
  readonly prompt: number;
  readonly completion: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** What requests cost, by a price table of one version. Integers throughout, so that sums are exact. */
export class PriceBook {
  readonly #table: PriceTable | undefined;

  constructor(table: PriceTable | undefined) {
    this.#table = table;
  }

  get version(): string | null {
    return this.#table?.version ?? null;
  }

  /** In millionths of the currency, rounded up; 0 for a target without a price. */
  cost(target: string, { prompt, completion, cacheRead = 0, cacheWrite = 0 }: PricedTokens): number {
    const price = this.#table?.models[target];
    if (price === undefined) return 0;
    const { prompt_micros_per_million: read, completion_micros_per_million: written } = price;
    return millionths([
      [Math.max(0, prompt - cacheRead - cacheWrite), read],
      [cacheRead, price.cache_read_micros_per_million ?? read],
      [cacheWrite, price.cache_write_micros_per_million ?? read],
      [completion, written],
    ]);
  }

  /** The same, at most: all of the prompt may be written to the provider's cache, which can be dearer than reading it. */
  mostCost(target: string, { prompt, completion }: Pick<PricedTokens, 'prompt' | 'completion'>): number {
    const price = this.#table?.models[target];
    if (price === undefined) return 0;
    const { prompt_micros_per_million: read, cache_write_micros_per_million: kept = read } = price;
    return millionths([
      [prompt, Math.max(read, kept)],
      [completion, price.completion_micros_per_million],
    ]);
  }

  /** Of a request of usual size; undefined without a price. */
  usualCost({ id }: Target): number | undefined {
    if (this.#table?.models[id] === undefined) return undefined;
    return this.cost(id, USUAL);
  }
}

/** The sum of the products in millions, rounded up, and exact: by large integers where numbers are too small for it. */
function millionths(parts: readonly (readonly [tokens: number, price: number])[]): number {
  let sum = 0;
  for (const [tokens, price] of parts) sum += tokens * price;
  if (sum <= Number.MAX_SAFE_INTEGER) return (sum - (sum % MILLION)) / MILLION + Math.sign(sum % MILLION);
  const exact = parts.reduce((total, [tokens, price]) => total + BigInt(tokens) * BigInt(price), 0n);
  return Number((exact + BigInt(MILLION) - 1n) / BigInt(MILLION));
}
