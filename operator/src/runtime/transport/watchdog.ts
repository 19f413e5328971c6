import type { Clock } from '../clock.ts';
import { CallTimeout } from './api-error.ts';
import type { ApiCall } from './call.ts';

export interface IdleOptions {
  readonly clock: Clock;
  /** Longest silence, also before the first byte. */
  readonly idleMs: number;
}

/** Aborts when it is not fed for `idleMs`: a half-open connection neither answers nor fails. */
export class Watchdog {
  readonly #call: ApiCall;
  readonly #idle: IdleOptions;
  readonly #controller = new AbortController();
  readonly #onParent = (): void => {
    this.abort(this.#call.signal?.reason);
  };
  #fedAt: number;
  #cancel: () => void = () => undefined;

  constructor(call: ApiCall, idle: IdleOptions) {
    this.#call = call;
    this.#idle = idle;
    this.#fedAt = idle.clock.monotonic();
    if (call.signal?.aborted) this.#onParent();
    else call.signal?.addEventListener('abort', this.#onParent, { once: true });
    this.#arm(idle.idleMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  feed(): void {
    this.#fedAt = this.#idle.clock.monotonic();
  }

  abort(reason: unknown): void {
    this.end();
    this.#controller.abort(reason);
  }

  end(): void {
    this.#cancel();
    this.#call.signal?.removeEventListener('abort', this.#onParent);
  }

  /** One timer per silence instead of one per chunk: it looks when it was last fed and sleeps the rest. */
  #arm(delayMs: number): void {
    this.#cancel = this.#idle.clock.schedule(delayMs, () => {
      const leftMs = this.#fedAt + this.#idle.idleMs - this.#idle.clock.monotonic();
      if (leftMs > 0) this.#arm(leftMs);
      else this.abort(new CallTimeout(`watch ${this.#call.kind.plural}: silent for ${this.#idle.idleMs} ms`));
    });
  }
}
