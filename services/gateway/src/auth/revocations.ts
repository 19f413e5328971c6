import { z } from 'zod';
import type { Clock, Logger } from '@genai-platform/common';
import type { AuthService } from './auth-service.ts';

const Revoked = z.object({ sessions: z.array(z.string()), keys: z.array(z.string()) });
const PATH = '/internal/revocations';
/** What is revoked is refused after this at the latest. */
const EVERY_MS = 2_000;

/** Sessions and keys that ended while their credentials look good: asked for every two seconds, the same for all clients. */
export class Revocations {
  readonly #parts: { readonly service: AuthService; readonly clock: Clock; readonly log: Logger };
  readonly #stop = new AbortController();
  #sessions: ReadonlySet<string> = new Set();
  #keys: ReadonlySet<string> = new Set();
  #watching: Promise<void> = Promise.resolve();
  #failing = false;

  constructor(parts: { service: AuthService; clock: Clock; log: Logger }) {
    this.#parts = parts;
  }

  start(): void {
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  hasSession(id: string): boolean {
    return this.#sessions.has(id);
  }

  hasKey(id: string): boolean {
    return this.#keys.has(id);
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#look();
      await this.#parts.clock.sleep(EVERY_MS, signal).catch(() => undefined);
    }
  }

  /** With nobody to ask, what is known stays: access tokens end by themselves in minutes. */
  async #look(): Promise<void> {
    try {
      const { sessions, keys } = await this.#parts.service.ask(PATH, Revoked);
      this.#sessions = new Set(sessions);
      this.#keys = new Set(keys);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#parts.log.warn({ error }, 'revocations cannot be asked for');
      this.#failing = true;
    }
  }
}
