import type { connectRedis, Logger } from '@genai-platform/common';

type Redis = ReturnType<typeof connectRedis>;

/** An answer as it was given, and by whom. */
export interface CachedAnswer {
  readonly target: string;
  readonly text: string;
}

export interface AnswerCacheOptions {
  readonly redis: Pick<Redis, 'get' | 'set'>;
  readonly ttlSeconds: number;
  readonly log: Logger;
}

/** Longer answers are not worth the memory of everybody's cache. */
const MAX_BYTES = 256 * 1024;
/** After a failure the cache is left alone for this long, so that no request waits for it in vain. */
const PAUSE_MS = 1_000;

/** Answers to equal requests of one tenant, in Redis. While Redis is away nothing is found, and nothing fails. */
export class AnswerCache {
  readonly #options: AnswerCacheOptions;
  #pausedUntilMs = 0;

  constructor(options: AnswerCacheOptions) {
    this.#options = options;
  }

  async find(tenant: string, key: string): Promise<CachedAnswer | undefined> {
    const text = await this.#try((redis) => redis.get(name(tenant, key)));
    return typeof text === 'string' ? (JSON.parse(text) as CachedAnswer) : undefined;
  }

  /** Nobody waits for it. */
  keep(tenant: string, key: string, answer: CachedAnswer): void {
    if (answer.text.length > MAX_BYTES) return;
    const { ttlSeconds } = this.#options;
    void this.#try((redis) => redis.set(name(tenant, key), JSON.stringify(answer), 'EX', ttlSeconds));
  }

  async #try<T>(command: (redis: AnswerCacheOptions['redis']) => Promise<T>): Promise<T | undefined> {
    if (performance.now() < this.#pausedUntilMs) return undefined;
    try {
      return await command(this.#options.redis);
    } catch (error) {
      this.#pausedUntilMs = performance.now() + PAUSE_MS;
      this.#options.log.warn({ error }, 'the cache does not answer: requests go on without it');
      return undefined;
    }
  }
}

function name(tenant: string, key: string): string {
  return `llm:answer:${tenant}:${key}`;
}
