import type { PriceTable } from '../configuration/llm-settings.ts';
import type { Target } from './route-book.ts';

const MILLION = 1_000_000n;
/** For comparing targets: a prompt four times as long as its answer. */
const USUAL = { prompt: 2_000, completion: 500 };

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
  cost(target: string, promptTokens: number, completionTokens: number): number {
    const price = this.#table?.models[target];
    if (price === undefined) return 0;
    const total =
      BigInt(promptTokens) * BigInt(price.prompt_micros_per_million) +
      BigInt(completionTokens) * BigInt(price.completion_micros_per_million);
    return Number((total + MILLION - 1n) / MILLION);
  }

  /** Of a request of usual size; undefined without a price. */
  usualCost({ id }: Target): number | undefined {
    if (this.#table?.models[id] === undefined) return undefined;
    return this.cost(id, USUAL.prompt, USUAL.completion);
  }
}
