import type { LiveObject } from '../../runtime/index.ts';
import type { Job, Pod } from '../kinds.ts';
import { Pods } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';
import type { Diagnosis } from './diagnosis.ts';
import { lastWords } from './diagnosis.ts';
import { diagnoseWorkload } from './workload.ts';

const LOG_LINES = 5;

/** Why a Job has not succeeded, with the last lines that its pod wrote where the pod itself says nothing. */
export async function diagnoseJob(job: LiveObject<Job>, context: PlatformContext): Promise<Diagnosis | undefined> {
  const { words } = context.session.deps;
  const pods = context.observeLabelled(Pods, { 'batch.kubernetes.io/job-name': job.metadata.name });
  const diagnosis = await diagnoseWorkload({ controller: job, pods }, words, context.signal);
  if (diagnosis?.reason !== 'ContainerCrashing' || diagnosis.message.includes(': ended with ') === false)
    return diagnosis;
  const tail = hasLastWords(pods) ? undefined : await logTail(pods, context);
  return tail === undefined ? diagnosis : { ...diagnosis, message: `${diagnosis.message}: ${lastWords(tail)}` };
}

function hasLastWords(pods: readonly Pod[]): boolean {
  return pods.some((pod) => pod.status?.containerStatuses?.some(({ state }) => state?.terminated?.message));
}

async function logTail(pods: readonly Pod[], { session, signal }: PlatformContext): Promise<string | undefined> {
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed').at(-1);
  const container = failed?.status?.containerStatuses?.[0]?.name;
  if (!failed || container === undefined) return undefined;
  const { namespace = '', name } = failed.metadata;
  return session.deps.words.logTail({ namespace, pod: name, container }, LOG_LINES, signal);
}
