/** Exponential steps with full jitter; one instance per thing that fails. */
export class Backoff {
  readonly #baseMs: number;
  readonly #capMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: { readonly baseMs: number; readonly capMs: number; readonly random: () => number }) {
    this.#baseMs = options.baseMs;
    this.#capMs = options.capMs;
    this.#random = options.random;
  }

  get failures(): number {
    return this.#failures;
  }

  /** The next pause: between half of the step and the step, so that it grows and yet spreads. */
  next(): number {
    const stepMs = exponentialMs(this.#baseMs, this.#capMs, this.#failures);
    this.#failures += 1;
    return stepMs * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}

/** `base · 2^failures`, at most `cap`; safe for any count. */
export function exponentialMs(baseMs: number, capMs: number, failures: number): number {
  return Math.min(capMs, baseMs * 2 ** Math.min(failures, 40));
}
