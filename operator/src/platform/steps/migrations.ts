import type { KubernetesObject } from '@genai-platform/cdk8s';
import { namesOf } from '@genai-platform/cdk8s';
import type { LiveObject, Result } from '../../runtime/index.ts';
import { done, refTo, wait } from '../../runtime/index.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { diagnoseJob } from '../diagnosis/job.ts';
import type { Job } from '../kinds.ts';
import { Jobs, Pods } from '../kinds.ts';
import { applyOrGiveUp } from '../revisions/apply-or-give-up.ts';
import { isHopeless } from '../revisions/failed-workload.ts';
import { giveUp } from '../revisions/give-up.ts';
import { paused } from '../revisions/pause.ts';
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
      if (context.session.rollout.paused && !isBegun(group, context)) return paused('its migrations', context);
      const refused = await applyOrGiveUp(context, `migrations-${index}`, ({ migrations: groups }) => groups[index] ?? []); // prettier-ignore
      if (refused) return refused;
      const results = await Promise.all(jobsOf(group, context).map((job) => stateOf(job, context)));
      const unfinished = results.find((result) => result !== undefined);
      if (unfinished) return unfinished;
    }
    return done('MigrationsReady', 'every schema has the version of its service');
  },
};

function isBegun(group: readonly KubernetesObject[], context: PlatformContext): boolean {
  return jobsOf(group, context).length === group.filter(({ kind }) => kind === 'Job').length;
}

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

async function running(job: Job, trouble: Diagnosis | undefined, context: PlatformContext): Promise<Result> {
  if (trouble) context.session.problems.push(trouble);
  const { reason, message } = trouble ?? { reason: 'MigrationRunning', message: 'running' };
  const told = { reason, message: `Job ${job.metadata.name}: ${message}` };
  const pods = context.observeLabelled(Pods, { 'batch.kubernetes.io/job-name': job.metadata.name });
  // A pod that fails is tried again by the Job itself, which says when it has had enough.
  const hopeless = reason !== 'ContainerCrashing' && isHopeless(reason, pods, context);
  const ended = hopeless ? await giveUp(told, context) : undefined;
  return ended ?? wait(told.reason, told.message, { afterMs: LOOK_AGAIN_MS });
}

async function failed(job: LiveObject<Job>, trouble: Diagnosis | undefined, context: PlatformContext): Promise<Result> {
  const problem = { reason: 'MigrationFailed', message: `Job ${job.metadata.name}: ${trouble?.message ?? 'failed'}` };
  context.session.problems.push(problem);
  const ended = await giveUp(problem, context);
  if (ended?.outcome === 'wait') return ended; // what was good comes back, and the Job stays, with its logs
  const retryInMs = (failedAtMs(job) ?? context.clock.now()) + RETRY_AFTER_MS - context.clock.now();
  if (retryInMs <= 0) await context.delete(job);
  return ended ?? wait(problem.reason, problem.message, { afterMs: Math.max(retryInMs, LOOK_AGAIN_MS) });
}
