/** A time limit that can be lifted, together with a signal of the caller. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the time limit that aborted. */
  readonly passed: boolean;
  /** The caller's signal still counts; the time does not any more. */
  lift(): void;
}

export function startDeadline(ms: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    controller.abort(new Error(`no answer within ${Math.round(ms)} ms`));
  }, ms);
  // The connection keeps the process alive as long as somebody waits; a limit alone must not.
  timer.unref();
  return {
    signal: caller === undefined ? controller.signal : AbortSignal.any([controller.signal, caller]),
    get passed() {
      return passed;
    },
    lift: () => clearTimeout(timer),
  };
}
