/** The step's goal holds. */
export interface Done {
  readonly outcome: 'done';
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

/** The goal is under way; look again after `afterMs`, or when something watched changes, whichever is first. */
export interface Wait {
  readonly outcome: 'wait';
  readonly reason: string;
  readonly message: string;
  readonly afterMs: number;
}

/** Only a person or another system can help: no retries but the slow resync and a change of something watched. */
export interface Stall {
  readonly outcome: 'stall';
  readonly reason: string;
  readonly message: string;
}

/** What a step may say. Anything thrown is a retry with backoff, or what the error's own policy says. */
export type Result = Done | Wait | Stall;

/**
 * The goal of the step holds, which makes its condition True.
 * @param reason PascalCase; by default `Succeeded`.
 */
export function done(reason?: string, message?: string): Done {
  return { outcome: 'done', reason, message };
}

/**
 * The step waits for something that is under way. Later steps do not run.
 * @param reason PascalCase.
 * @param message Plain words: what is awaited and how far it is. It must not change while nothing changes
 *   (no elapsed times): a status that differs is a write.
 * @param options.afterMs When to look again at the latest.
 */
export function wait(reason: string, message: string, options: { readonly afterMs: number }): Wait {
  return { outcome: 'wait', reason, message, afterMs: options.afterMs };
}

/** The step cannot succeed until something outside changes. Later steps do not run; the `Stalled` condition is set. */
export function stall(reason: string, message: string): Stall {
  return { outcome: 'stall', reason, message };
}
