import type { Clock } from '../clock.ts';
import { NotLeading } from '../errors.ts';

/**
 * One uninterrupted time of leading. It ends by itself when it is not extended, at a moment at which no other process
 * can have taken over yet; whether the end is noticed by a timer or, in a process that was paused, by the check before
 * the next write.
 */
export class Term {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  #monotonicEnd = 0;
  #wallEnd = 0;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A term without an end of its own, for a process that runs alone. */
  static permanent(clock: Clock): Term {
    const term = new Term(clock);
    term.#monotonicEnd = Number.POSITIVE_INFINITY;
    term.#wallEnd = Number.POSITIVE_INFINITY;
    return term;
  }

  /** Aborts when the term ends. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * The term lasts for this long after `since`, which must be from before the renewal was sent.
   * @param since readings of both clocks.
   */
  extend(since: Instant, durationMs: number): void {
    if (this.signal.aborted) return;
    this.#monotonicEnd = since.monotonicMs + durationMs;
    this.#wallEnd = since.wallMs + durationMs;
    this.#cancel();
    this.#cancel = this.#clock.schedule(this.#monotonicEnd - this.#clock.monotonic(), () => {
      this.end('the lease was not renewed in time');
    });
  }

  /**
   * Both clocks, because the monotonic one stands still while a machine is suspended. A wall clock that is set forward
   * ends a term early, which costs seconds; one that is set back changes nothing.
   */
  isOver(): boolean {
    if (this.signal.aborted) return true;
    return this.#clock.monotonic() >= this.#monotonicEnd || this.#clock.now() >= this.#wallEnd;
  }

  /** The check before each write. @throws NotLeading */
  assert(): void {
    if (!this.isOver()) return;
    this.end('the lease has run out');
    throw this.signal.reason as Error;
  }

  /** @param why the reason of the signal. */
  end(why: string | Error): void {
    this.#cancel();
    if (!this.signal.aborted) this.#controller.abort(typeof why === 'string' ? new NotLeading(why) : why);
  }
}

/** One moment by both clocks. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export function instantOf(clock: Clock): Instant {
  return { monotonicMs: clock.monotonic(), wallMs: clock.now() };
}
