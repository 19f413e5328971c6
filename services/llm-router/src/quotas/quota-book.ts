import { LRUCache } from 'lru-cache';
import type { Clock, Logger } from '@genai-platform/common';
import type { QuotaStore } from '../store/quota-store.ts';
import { quotaKey, type Quota } from './quota.ts';

/** A quota of the settings: of one tenant, or of each. */
export interface ConfiguredQuota extends Quota {
  readonly tenant?: string | undefined;
}

const FRESH_MS = 10_000;
const REMEMBERED_TENANTS = 10_000;

interface Known {
  quotas: readonly Quota[];
  askedAtMs: number;
}

/** Which quotas a tenant has: those set by the API, then those of the settings for it, then those for every tenant. */
export class QuotaBook {
  readonly #configured: readonly ConfiguredQuota[];
  readonly #store: QuotaStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED_TENANTS });

  constructor(
    configured: readonly ConfiguredQuota[],
    store: QuotaStore,
    { clock, log }: { clock: Clock; log: Logger },
  ) {
    this.#configured = configured;
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** As they were at most ten seconds ago; while the database is away, as they were before. */
  of(tenant: string): readonly Quota[] | Promise<readonly Quota[]> {
    const known = this.#known.get(tenant);
    if (known !== undefined && this.#clock.now() - known.askedAtMs < FRESH_MS) return known.quotas;
    const asking = this.#ask(tenant);
    return known === undefined ? asking : known.quotas;
  }

  forget(tenant: string): void {
    this.#known.delete(tenant);
  }

  async #ask(tenant: string): Promise<readonly Quota[]> {
    const before = this.#known.get(tenant);
    if (before !== undefined) before.askedAtMs = this.#clock.now();
    try {
      const quotas = this.#merged(tenant, await this.#store.of(tenant));
      this.#known.set(tenant, { quotas, askedAtMs: this.#clock.now() });
      return quotas;
    } catch (error) {
      this.#log.warn({ error }, 'the quotas of a tenant could not be read: those of the settings hold');
      const quotas = before?.quotas ?? this.#merged(tenant, []);
      this.#known.set(tenant, { quotas, askedAtMs: this.#clock.now() });
      return quotas;
    }
  }

  #merged(tenant: string, stored: readonly Quota[]): readonly Quota[] {
    const quotas = new Map<string, Quota>();
    const add = (quota: Quota): void => void quotas.set(quotaKey(quota), quota);
    this.#configured.filter((quota) => quota.tenant === undefined).forEach(add);
    this.#configured.filter((quota) => quota.tenant === tenant).forEach(add);
    stored.forEach(add);
    return [...quotas.values()];
  }
}
