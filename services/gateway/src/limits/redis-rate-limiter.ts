import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Rate, Verdict } from '../domain/gcra.ts';
import type { Lease, LeaseSource, RateLimiter } from './rate-limiter.ts';

/**
 * The algorithm of `domain/gcra.ts` by the server's own clock, in microseconds; one round trip, atomic, one key a client
 * that expires as soon as it says no more than an absent one.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local tolerance = interval * tonumber(ARGV[2])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local early = arrival + interval - tolerance - now
local room = math.max(0, math.floor((tolerance - (arrival - now)) / interval))
local granted = math.min(tonumber(ARGV[3]), room)
if granted > 0 then
  arrival = arrival + granted * interval
  redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', math.ceil((arrival - now) / 1000))
end
return { granted, room - granted, string.format('%.0f', arrival - now), string.format('%.0f', early) }
`;
const SCRIPT_SHA = createHash('sha1').update(SCRIPT).digest('hex');
const MICROSECONDS = 1_000_000;

/** Limits over all gateway pods together, in Redis or Valkey. */
export class RedisRateLimiter implements LeaseSource, RateLimiter {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @throws when Redis does not answer in time */
  async take(client: string, rate: Rate): Promise<Verdict> {
    return (await this.lease(client, rate, 1)).verdict;
  }

  /** @throws when Redis does not answer in time */
  async lease(client: string, rate: Rate, wanted: number): Promise<Lease> {
    const args = [`rate:${client}`, Math.round(MICROSECONDS / rate.perSecond), rate.burst, wanted] as const;
    const [granted, remaining, reset, early] = await this.#run(args);
    const verdict = {
      allowed: granted > 0,
      remaining,
      resetSeconds: Number(reset) / MICROSECONDS,
      retryAfterSeconds: granted > 0 ? 0 : Number(early) / MICROSECONDS,
    };
    return { granted, verdict };
  }

  /** A restarted server has forgotten the script. */
  async #run(args: readonly [string, number, number, number]): Promise<[number, number, string, string]> {
    try {
      return (await this.#redis.evalsha(SCRIPT_SHA, 1, ...args)) as [number, number, string, string];
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await this.#redis.eval(SCRIPT, 1, ...args)) as [number, number, string, string];
    }
  }
}
