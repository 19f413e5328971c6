import type { Clock } from '@genai-platform/common';
import { Breaker, type BreakerOptions } from './breaker.ts';
import type { Target } from './route-book.ts';

/** What is remembered of a target. */
export interface TargetState {
  readonly breaker: Breaker;
  /** Smoothed time until its answer, or the first event of its stream. */
  latencyMs: number | undefined;
}

const SMOOTHING = 0.2;

/** How targets are doing. */
export class TargetStates {
  readonly #states = new Map<string, TargetState>();
  readonly #options: BreakerOptions;
  readonly #clock: Clock;

  constructor(options: BreakerOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  of({ id }: Target): TargetState {
    let state = this.#states.get(id);
    if (state === undefined) {
      state = { breaker: new Breaker(this.#options, this.#clock), latencyMs: undefined };
      this.#states.set(id, state);
    }
    return state;
  }

  learn(target: Target, ms: number): void {
    const state = this.of(target);
    state.latencyMs = state.latencyMs === undefined ? ms : state.latencyMs + SMOOTHING * (ms - state.latencyMs);
  }

  /** How each known target is doing. */
  health(): { target: string; state: string; latency_ms: number | null }[] {
    return [...this.#states].map(([target, { breaker, latencyMs }]) => ({
      target,
      state: breaker.state,
      latency_ms: latencyMs === undefined ? null : Math.round(latencyMs * 10) / 10,
    }));
  }
}
