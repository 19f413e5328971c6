import { asError, policyOf } from '../errors.ts';
import type { ErrorPolicy } from '../errors.ts';

/** How one reconcile ended. */
export type Outcome =
  | { readonly type: 'done'; readonly message: string }
  | { readonly type: 'wait'; readonly reason: string; readonly message: string; readonly afterMs: number }
  | { readonly type: 'stall'; readonly reason: string; readonly message: string }
  | { readonly type: 'suspended' }
  /** The object does not exist, or no longer. */
  | { readonly type: 'gone' }
  | { readonly type: 'failed'; readonly error: Error; readonly policy: ErrorPolicy };

export function failed(thrown: unknown): Outcome {
  const error = asError(thrown);
  return { type: 'failed', error, policy: policyOf(error) };
}
