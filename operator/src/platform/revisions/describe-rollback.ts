import type { Rollback } from '@genai-platform/crds';

/** What happened, in a sentence. */
export function describeRollback({ from, to, message }: Rollback): string {
  return `revision ${from} failed and revision ${to} is back: ${message}`;
}
