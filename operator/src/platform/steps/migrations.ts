import type { KubernetesObject } from '@genai-platform/cdk8s';
import { namesOf } from '@genai-platform/cdk8s';
import type { LiveObject, Result } from '../../runtime/index.ts';
import { done, refTo, wait } from '../../runtime/index.ts';
import { applyStage } from '../apply-stage.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { diagnoseJob } from '../diagnosis/job.ts';
import type { Job } from '../kinds.ts';
import { Jobs } from '../kinds.ts';
import { failedAtMs, jobState } from '../rollout.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';
import { report } from '../workloads/row.ts';

/** A failed Job is made again after this: migrations are safe to repeat, and what stopped them may be over. */
const RETRY_AFTER_MS = 5 * 60 * 1000;
const LOOK_AGAIN_MS = 10_000;

/**
 * Prepares the database and brings every schema to the version of its service, one group of Jobs after the other.
 * Until all have succeeded no workload changes, so that an image never serves before its schema is there.
 */
export const migrations: PlatformStep = {
  name: 'migrations',
  condition: 'MigrationsReady',
  async run(context) {
    for (const [index, group] of context.session.outline.migrations.entries()) {
      await applyStage(context, `migrations-${index}`, ({ migrations: groups }) => groups[index] ?? []);
      const results = await Promise.all(jobsOf(group, context).map((job) => stateOf(job, context)));
      const unfinished = results.find((result) => result !== undefined);
      if (unfinished) return unfinished;
    }
    return done('MigrationsReady', 'every schema has the version of its service');
  },
};

function jobsOf(group: readonly KubernetesObject[], context: PlatformContext): LiveObject<Job>[] {
  return group
    .filter(({ kind }) => kind === 'Job')
    .map(({ metadata }) => context.observe(refTo(Jobs, metadata.name, metadata.namespace)))
    .filter((job) => job !== undefined);
}

/** What is to be said of a Job that has not succeeded; undefined of one that has. */
async function stateOf(job: LiveObject<Job>, context: PlatformContext): Promise<Result | undefined> {
  const state = jobState(job);
  if (state === 'complete') return undefined;
  const trouble = await diagnoseJob(job, context);
  if (trouble) blame(job, trouble, context);
  return state === 'running' ? running(job, trouble, context) : failed(job, trouble, context);
}

/** A service whose schema cannot be migrated does not run in its wanted version: its row says why. */
function blame(job: Job, { reason, message }: Diagnosis, context: PlatformContext): void {
  const names = namesOf(context.session.platform.metadata.name);
  const row = context.status.workloads?.find(({ name }) => job.metadata.name.startsWith(`${names.migration(name)}-`));
  if (row) report([{ ...row, reason, message: `Job ${job.metadata.name}: ${message}` }], context);
}

function running(job: Job, trouble: Diagnosis | undefined, { session }: PlatformContext): Result {
  if (trouble) session.problems.push(trouble);
  const { reason, message } = trouble ?? { reason: 'MigrationRunning', message: 'running' };
  return wait(reason, `Job ${job.metadata.name}: ${message}`, { afterMs: LOOK_AGAIN_MS });
}

async function failed(job: LiveObject<Job>, trouble: Diagnosis | undefined, context: PlatformContext): Promise<Result> {
  const problem = { reason: 'MigrationFailed', message: `Job ${job.metadata.name}: ${trouble?.message ?? 'failed'}` };
  context.session.problems.push(problem);
  const retryInMs = (failedAtMs(job) ?? 0) + RETRY_AFTER_MS - context.clock.now();
  if (retryInMs <= 0) await context.delete(job);
  return wait(problem.reason, problem.message, { afterMs: Math.max(retryInMs, LOOK_AGAIN_MS) });
}
