import type { PriceTable } from '../configuration/llm-settings.ts';
import type { Target } from './route-book.ts';

const MILLION = 1_000_000n;
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
    const {
      prompt_micros_per_million: read,
      completion_micros_per_million: written,
      cache_read_micros_per_million: fromCache = read,
      cache_write_micros_per_million: toCache = read,
    } = price;
    const total =
      BigInt(Math.max(0, prompt - cacheRead - cacheWrite)) * BigInt(read) +
      BigInt(cacheRead) * BigInt(fromCache) +
      BigInt(cacheWrite) * BigInt(toCache) +
      BigInt(completion) * BigInt(written);
    return Number((total + MILLION - 1n) / MILLION);
  }

  /** The same, at most: all of the prompt may be written to the provider's cache, which can be dearer than reading it. */
  mostCost(target: string, tokens: Pick<PricedTokens, 'prompt' | 'completion'>): number {
    return Math.max(this.cost(target, tokens), this.cost(target, { ...tokens, cacheWrite: tokens.prompt }));
  }

  /** Of a request of usual size; undefined without a price. */
  usualCost({ id }: Target): number | undefined {
    if (this.#table?.models[id] === undefined) return undefined;
    return this.cost(id, USUAL);
  }
}
