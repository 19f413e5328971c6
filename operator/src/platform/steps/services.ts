import type { Rendered, RenderedWorkload } from '@genai-platform/cdk8s';
import type { WorkloadStatus } from '@genai-platform/crds';
import type { Result } from '../../runtime/index.ts';
import { done, mapLimit, wait } from '../../runtime/index.ts';
import { keepStage } from '../apply-stage.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';
import { applyOrGiveUp } from '../revisions/apply-or-give-up.ts';
import { hasFailed } from '../revisions/failed-workload.ts';
import { giveUp } from '../revisions/give-up.ts';
import { isBegun, paused } from '../revisions/pause.ts';
import { observeWorkload } from '../workloads/observe-workload.ts';
import { report } from '../workloads/row.ts';
import { verifyWorkload } from '../workloads/verify-workload.ts';

const LOOK_AGAIN_MS = 5_000;

/**
 * Rolls the workloads out, one wave after the other: what is called comes before what calls it. A wave is done when
 * every workload of it has answered a real request; one that fails ends the rollout.
 */
export const services: PlatformStep = {
  name: 'services',
  condition: 'ServicesReady',
  async run(context) {
    for (const [index, wave] of context.session.outline.waves.entries()) {
      const unfinished = await rollOut(wave, index, context);
      if (!unfinished) continue;
      await keepWaves(index + 1, context).catch((err: unknown) => {
        context.log.warn({ err }, 'a later wave could not be kept');
      });
      return unfinished;
    }
    return done('ServicesReady', 'every workload has answered a real request');
  },
  keep: (context) => keepWaves(0, context),
};

const objectsOfWave = (index: number) => (rendered: Rendered) =>
  (rendered.waves[index] ?? []).flatMap(({ objects }) => objects);

/** Waves whose turn has not come stay as they are, whatever others do to them. */
async function keepWaves(from: number, context: PlatformContext): Promise<void> {
  if (!context.session.isKnown) return;
  const waves = context.session.outline.waves.map((_, index) => index).slice(from);
  await mapLimit(waves, 1, (index) => keepStage(context, `wave-${index}`, objectsOfWave(index)));
}

async function rollOut(
  wave: readonly RenderedWorkload[],
  index: number,
  context: PlatformContext,
): Promise<Result | undefined> {
  if (context.session.rollout.paused && !isBegun(wave, context)) return paused(namesIn(wave), context);
  const refused = await applyOrGiveUp(context, `wave-${index}`, objectsOfWave(index));
  if (refused) return refused;
  const rows = await Promise.all(
    wave.map(async (workload) => verifyWorkload(workload, await observeWorkload(workload, context), context)),
  );
  report(rows, context);
  const failed = rows.find((row, at) => wave[at] && hasFailed(wave[at], row, context));
  return (failed && (await giveUp(failureOf(failed), context))) ?? waitFor(rows);
}

function namesIn(wave: readonly RenderedWorkload[]): string {
  return wave.map(({ entry }) => entry.name).join(', ');
}

function failureOf({ name, reason = 'Failed', message = reason }: WorkloadStatus): Diagnosis {
  return { reason, message: `${name}: ${message}` };
}

function waitFor(rows: readonly WorkloadStatus[]): Result | undefined {
  const unready = rows.filter(({ reason }) => reason !== undefined);
  const broken = unready.find(({ reason }) => reason !== 'RollingOut') ?? unready[0];
  if (!broken?.reason) return undefined;
  const message = unready.map((row) => `${row.name}: ${row.message ?? row.reason}`).join('; ');
  return wait(broken.reason, message, { afterMs: LOOK_AGAIN_MS });
}
