import type { Clock } from '../clock.ts';

/** A signal that aborts with its parent or after a time; `end()` lets go of both. */
export interface Deadline {
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Written out instead of `AbortSignal.any` because it frees its listener at once: the parent (the term of a leader) lives
 * for days and has millions of children.
 */
export function startDeadline(
  clock: Clock,
  parent: AbortSignal | undefined,
  afterMs: number,
  reason: () => Error,
): Deadline {
  const controller = new AbortController();
  const onParent = (): void => {
    controller.abort(parent?.reason);
  };
  const cancel = clock.schedule(afterMs, () => {
    controller.abort(reason());
  });
  if (parent?.aborted) onParent();
  else parent?.addEventListener('abort', onParent, { once: true });
  return {
    signal: controller.signal,
    end() {
      cancel();
      parent?.removeEventListener('abort', onParent);
    },
  };
}
