import { clusterSteps } from '../kind/steps.ts';
import type { Checkout } from '../machine/checkout.ts';
import { runSteps, type Step, type StepTiming } from '../progress/steps.ts';
import { firstRequests, type Answer } from './first-requests.ts';
import { installOperator } from './operator.ts';
import { applySample } from './platform.ts';
import { buildRelease, loadRelease, type Release } from './release.ts';

/** A platform that runs, and what it answered. */
export interface BroughtUp {
  readonly release: Release;
  readonly answers: readonly Answer[];
  readonly timings: readonly StepTiming[];
}

/**
 * From nothing to a platform that has answered real requests, on a kind cluster of this checkout. Each step finds what is
 * there already, so that a second run changes nothing, and an interrupted one carries on.
 */
export async function bringUp(checkout: Checkout, signal: AbortSignal): Promise<BroughtUp> {
  let release: Release = { version: '', references: [] };
  let answers: readonly Answer[] = [];
  const steps: Step[] = [
    ...clusterSteps(checkout),
    {
      name: 'images',
      needs: ['docker'],
      run: async (context) => {
        release = await buildRelease(context);
      },
    },
    { name: 'load', needs: ['images', 'cluster'], run: (context) => loadRelease(checkout, release, context) },
    { name: 'operator', needs: ['load'], run: (context) => installOperator(checkout, release, context) },
    {
      name: 'platform',
      needs: ['operator', 'metrics'],
      run: (context) => applySample(checkout, release, context),
    },
    {
      name: 'first requests',
      needs: ['platform'],
      run: async (context) => {
        answers = await firstRequests(checkout, context);
      },
    },
  ];
  const timings = await runSteps(steps, { logs: checkout.logsDir, signal });
  return { release, answers, timings };
}
