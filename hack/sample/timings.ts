import { readFileSync, writeFileSync } from 'node:fs';
import { statePath, type Checkout } from '../machine/checkout.ts';
import type { StepTiming } from '../progress/steps.ts';

/** One run of hack/up. */
export interface RunTiming {
  /** Whether the cluster was made in this run. */
  readonly first: boolean;
  readonly seconds: number;
  readonly steps: readonly StepTiming[];
}

interface Kept {
  readonly first?: RunTiming;
  readonly again?: RunTiming;
}

const file = 'up-timings.json';

/** Keeps how long a run took, beside the last one of the other kind. */
export function keepTiming(checkout: Checkout, run: RunTiming): void {
  const kept: Kept = { ...readTimings(checkout), [run.first ? 'first' : 'again']: run };
  writeFileSync(statePath(checkout, file), `${JSON.stringify(kept, undefined, 2)}\n`);
}

/** What is kept; empty before the first run. */
export function readTimings(checkout: Checkout): Kept {
  try {
    return JSON.parse(readFileSync(statePath(checkout, file), 'utf8')) as Kept;
  } catch {
    return {};
  }
}
