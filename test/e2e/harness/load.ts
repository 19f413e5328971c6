import { setTimeout as sleep } from 'node:timers/promises';
import { Tally } from './tally.ts';
import type { Counts } from './tally.ts';
import type { Answer } from './load-request.ts';
import { ask } from './load-request.ts';
import { keepSocket } from './load-socket.ts';

const PAUSE_MS = 150;

/**
 * Users of the platform, as many as it takes to see what a rollout does to them: requests one after the other, streams of
 * twelve seconds, sockets that stay open. What goes wrong is counted, with words.
 */
export class Load {
  readonly #stop = new AbortController();
  readonly #users: Promise<void>[];
  readonly #tally = new Tally();

  constructor() {
    const search = (): Promise<Answer> => ask('GET', '/v1/search/indexes?limit=1');
    const echo = (): Promise<Answer> => ask('POST', '/v1/convert', { text: 'Ready', from: 'md', to: 'html' });
    this.#users = [
      ...[search, echo, echo].map((act) => this.#repeat(() => this.#request(act))),
      ...[0, 1, 2].map((user) => this.#repeat(() => this.#stream(), user * 4_000)),
      ...[0, 1, 2].map(() => keepSocket(this.#tally, this.#stop.signal)),
    ];
  }

  /** What was counted since the last call. */
  take(): Counts {
    return this.#tally.take();
  }

  /** Ends when everything under way has come to its own end. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#users);
  }

  async #repeat(act: () => Promise<void>, delayMs = 0): Promise<void> {
    await sleep(delayMs);
    while (!this.#stop.signal.aborted) {
      await act();
      await sleep(PAUSE_MS);
    }
  }

  async #request(act: () => Promise<Answer>): Promise<void> {
    try {
      const { status, body } = await act();
      this.#tally.count('http', status === 200 ? undefined : `${String(status)} ${body.slice(0, 200)}`);
    } catch (error) {
      this.#tally.count('http', wordsOf(error));
    }
  }

  /** A stream that ends before its last event was cut: it lasts for less than the grace period of what serves it. */
  async #stream(): Promise<void> {
    try {
      const { body } = await ask('GET', '/v1/convert/ticks');
      this.#tally.count('streams', body.includes('event: end') ? undefined : `cut: ${body.slice(-80)}`);
    } catch (error) {
      this.#tally.count('streams', wordsOf(error));
    }
  }
}

function wordsOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
