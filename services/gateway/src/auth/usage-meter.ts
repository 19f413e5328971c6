import { z } from 'zod';
import type { Clock, Logger } from '@genai-platform/common';
import type { AuthService } from './auth-service.ts';

const EVERY_MS = 5_000;
/** Of one report, and of users that are counted at once; beyond that counts are dropped rather than kept for ever. */
const MAX_COUNTS = 1_000;
const MAX_USERS = 50_000;

/** Counts requests by users of beta tokens, and reports them to the auth service every five seconds. */
export class UsageMeter {
  readonly #parts: { readonly service: AuthService; readonly clock: Clock; readonly log: Logger };
  readonly #stop = new AbortController();
  #counts = new Map<string, number>();
  #reporting: Promise<void> = Promise.resolve();

  constructor(parts: { service: AuthService; clock: Clock; log: Logger }) {
    this.#parts = parts;
  }

  start(): void {
    this.#reporting = this.#work();
  }

  /** Reports what is left. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#reporting;
    await this.#report();
  }

  count(betaTokenId: string, userId: string): void {
    const key = `${betaTokenId} ${userId}`;
    const count = this.#counts.get(key);
    if (count !== undefined || this.#counts.size < MAX_USERS) this.#counts.set(key, (count ?? 0) + 1);
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#parts.clock.sleep(EVERY_MS, signal).catch(() => undefined);
      if (!signal.aborted) await this.#report();
    }
  }

  /** A report whose answer was lost is not repeated, so nothing counts twice. */
  async #report(): Promise<void> {
    const counts = [...this.#counts];
    this.#counts = new Map();
    for (let from = 0; from < counts.length; from += MAX_COUNTS) {
      const batch = counts.slice(from, from + MAX_COUNTS);
      try {
        await this.#send(batch);
      } catch (error) {
        this.#parts.log.warn({ error, users: batch.length }, 'usage could not be reported');
      }
    }
  }

  async #send(batch: readonly (readonly [string, number])[]): Promise<void> {
    const counts = batch.map(([key, requests]) => {
      const [beta_token_id = '', user_id = ''] = key.split(' ');
      return { beta_token_id, user_id, requests };
    });
    await this.#parts.service.ask('/internal/usage', z.unknown(), { counts }, false);
  }
}
