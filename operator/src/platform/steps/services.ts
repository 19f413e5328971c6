import type { WorkloadStatus } from '@genai-platform/crds';
import type { Result } from '../../runtime/index.ts';
import { done, wait } from '../../runtime/index.ts';
import { applyStage } from '../apply-stage.ts';
import type { PlatformStep } from '../session.ts';
import { observeWorkload } from '../workloads/observe-workload.ts';
import { report } from '../workloads/row.ts';
import { verifyWorkload } from '../workloads/verify-workload.ts';

const LOOK_AGAIN_MS = 5_000;

/**
 * Rolls the workloads out, one wave after the other: what is called comes before what calls it. A wave is done when
 * every workload of it has answered a real request.
 */
export const services: PlatformStep = {
  name: 'services',
  condition: 'ServicesReady',
  async run(context) {
    for (const [index, wave] of context.session.outline.waves.entries()) {
      await applyStage(context, `wave-${index}`, ({ waves }) => (waves[index] ?? []).flatMap(({ objects }) => objects));
      const rows = await Promise.all(
        wave.map(async (workload) => verifyWorkload(workload, await observeWorkload(workload, context), context)),
      );
      report(rows, context);
      const waiting = waitFor(rows);
      if (waiting) return waiting;
    }
    return done('ServicesReady', 'every workload has answered a real request');
  },
};

function waitFor(rows: readonly WorkloadStatus[]): Result | undefined {
  const unready = rows.filter(({ reason }) => reason !== undefined);
  const broken = unready.find(({ reason }) => reason !== 'RollingOut') ?? unready[0];
  if (!broken?.reason) return undefined;
  const message = unready.map((row) => `${row.name}: ${row.message ?? row.reason}`).join('; ');
  return wait(broken.reason, message, { afterMs: LOOK_AGAIN_MS });
}
