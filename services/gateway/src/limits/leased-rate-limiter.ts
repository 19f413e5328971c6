import { LRUCache } from 'lru-cache';
import type { Clock } from '@genai-platform/common';
import type { Rate, Verdict } from '../domain/gcra.ts';
import type { LeaseSource, RateLimiter } from './rate-limiter.ts';

/** What is not used by then is lost: the limit is never exceeded, and a client gets at least 39/40 of it. */
const LEASE_MS = 100;
const SHARE = 40;
const REMEMBERED_CLIENTS = 10_000;

interface Held {
  left: number;
  size: number;
  readonly endsAtMs: number;
  readonly verdict: Verdict;
}

/**
 * Takes requests from the shared limiter in small leases, so that a busy client costs one round trip for many requests.
 * A lease is one request at first, and doubles while leases are used up, to a fortieth of the burst.
 */
export class LeasedRateLimiter implements RateLimiter {
  readonly #held = new LRUCache<string, Held>({ max: REMEMBERED_CLIENTS });
  readonly #asking = new Map<string, Promise<Verdict | undefined>>();
  readonly #source: LeaseSource;
  readonly #clock: Clock;

  constructor(source: LeaseSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** @throws when the shared limiter does not answer */
  take(client: string, rate: Rate): Verdict | Promise<Verdict> {
    const key = `${client} ${rate.perSecond}/${rate.burst}`;
    return this.#use(key) ?? this.#wait(client, key, rate);
  }

  /** A verdict without asking anybody, where the lease has one left. */
  #use(key: string): Verdict | undefined {
    const held = this.#held.get(key);
    if (held === undefined || held.left === 0 || held.endsAtMs <= this.#clock.now()) return undefined;
    held.left -= 1;
    return { ...held.verdict, remaining: held.verdict.remaining + held.left };
  }

  async #wait(client: string, key: string, rate: Rate): Promise<Verdict> {
    for (;;) {
      const others = this.#asking.get(key);
      if (others === undefined) return await this.#renew(client, key, rate);
      // A refusal, or that nobody answers, holds for all who wait: they must not ask one after another.
      const verdict = (await others) ?? this.#use(key);
      if (verdict !== undefined) return verdict;
    }
  }

  async #renew(client: string, key: string, rate: Rate): Promise<Verdict> {
    const before = this.#held.get(key);
    const size = nextSize(before, rate, this.#clock.now());
    const asking = this.#source.lease(client, rate, size);
    const shared = asking.then(({ granted, verdict }) => (granted === 0 ? verdict : undefined));
    shared.catch(() => undefined);
    this.#asking.set(key, shared);
    try {
      const { granted, verdict } = await asking;
      if (granted === 0) return verdict;
      const left = granted - 1;
      this.#held.set(key, { left, size, endsAtMs: this.#clock.now() + LEASE_MS, verdict });
      return { ...verdict, remaining: verdict.remaining + left };
    } finally {
      this.#asking.delete(key);
    }
  }
}

/** Used up in time: twice as many. Not used up: half. */
function nextSize(before: Held | undefined, { burst }: Rate, nowMs: number): number {
  if (before === undefined) return 1;
  const wanted = before.left === 0 && nowMs < before.endsAtMs ? before.size * 2 : before.size / 2;
  return Math.max(1, Math.min(Math.floor(wanted), Math.floor(burst / SHARE)));
}
