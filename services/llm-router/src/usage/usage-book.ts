import type { Clock, Logger } from '@genai-platform/common';
import type { Decision } from '../routing/decision.ts';
import { usageCounts, type UsageCounts, type UsageKey, type UsageStore } from '../store/usage-store.ts';

const FLUSH_MS = 1_000;
const HOUR_MS = 3_600_000;
/** Of hour, user, key, model and target; more wait for the database no longer. */
const MOST_KEPT = 20_000;

type Sums = { -readonly [Name in keyof UsageCounts]: UsageCounts[Name] };

/** Adds up what was used, and brings it to the database every second. */
export class UsageBook {
  readonly #store: UsageStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  #counts = new Map<string, UsageKey & Sums>();
  #flushing: Promise<void> = Promise.resolve();

  constructor(store: UsageStore, { clock, log }: { clock: Clock; log: Logger }) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#timer = setInterval(() => {
      this.#flushing = this.#flushing.then(() => this.#flush());
    }, FLUSH_MS).unref();
  }

  /** @param apiKey the id of the key that was shown */
  add(decision: Decision, { subject, apiKey = '' }: { subject: string; apiKey?: string | undefined }): void {
    const { tenant, model, target, operation, price_version: version } = decision;
    this.#count({
      hour: Math.floor(this.#clock.now() / HOUR_MS) * HOUR_MS,
      tenant,
      subject,
      api_key: apiKey,
      model,
      target: target ?? '',
      operation,
      price_version: version ?? '',
      requests: 1,
      failures: decision.outcome === 'answered' ? 0 : 1,
      cache_hits: decision.cache === 'hit' || decision.cache === 'semantic-hit' ? 1 : 0,
      prompt_tokens: decision.prompt_tokens,
      completion_tokens: decision.completion_tokens,
      cache_read_tokens: decision.cache_read_tokens,
      cache_write_tokens: decision.cache_write_tokens,
      estimated: decision.usage_estimated ? 1 : 0,
      cost_micros: decision.cost_micros,
    });
  }

  /** Brings what is left. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flushing;
    await this.#flush();
  }

  /** Brings what has been counted so far, so that it can be read. */
  async settle(): Promise<void> {
    await this.#flushing;
    await this.#flush();
  }

  #count(more: UsageKey & UsageCounts): void {
    const { hour, tenant, subject, api_key: apiKey, model, target, operation, price_version: version } = more;
    const key = JSON.stringify([hour, tenant, subject, apiKey, model, target, operation, version]);
    const known = this.#counts.get(key);
    if (known === undefined && this.#counts.size >= MOST_KEPT) return;
    if (known === undefined) this.#counts.set(key, { ...more });
    else for (const name of usageCounts) known[name] += more[name];
  }

  async #flush(): Promise<void> {
    if (this.#counts.size === 0) return;
    const counts = this.#counts;
    this.#counts = new Map();
    try {
      await this.#store.add([...counts.values()]);
    } catch (error) {
      this.#log.warn({ error }, 'what was used could not be recorded; it is tried again');
      for (const one of counts.values()) this.#count(one);
    }
  }
}
