import { catalogue, workloadLabel } from '@genai-platform/cdk8s';
import type { Condition, WorkloadStatus } from '@genai-platform/crds';
import type { Job, Platform, Pod, StatefulSet } from '../../platform/kinds.ts';
import { Jobs, Pods, StatefulSets } from '../../platform/kinds.ts';
import { isStatefulSetReady, jobState, wantedPods } from '../../platform/rollout.ts';
import type { LiveObject } from '../../runtime/index.ts';
import type { Connection } from '../connection.ts';
import type { Place } from '../read-platform.ts';
import { listOf } from '../read-platform.ts';
import type { Health, PodView } from './pod-view.ts';
import { podView } from './pod-view.ts';
import { wavesOf } from './waves.ts';

export interface WorkloadView {
  readonly name: string;
  readonly kind: 'Deployment' | 'StatefulSet' | 'Job';
  readonly health: Health;
  readonly ready: number;
  readonly desired: number;
  readonly version?: string;
  readonly message?: string;
  readonly pods: readonly PodView[];
}

export interface ComponentView {
  /** `secrets`, `database`, `wave 1`, … */
  readonly name: string;
  readonly health: Health;
  readonly message?: string;
  readonly workloads: readonly WorkloadView[];
}

/** A platform with all that it consists of, as people look at it. */
export interface PlatformView extends Place {
  readonly health: Health;
  readonly summary: string;
  readonly version?: string;
  readonly services?: string;
  readonly currentRevision?: string;
  readonly lastGoodRevision?: string;
  readonly endpoints?: NonNullable<Platform['status']>['endpoints'];
  readonly components: readonly ComponentView[];
}

/** Looks at a platform and its pods: four calls. */
export async function viewOf(
  connection: Pick<Connection, 'client'>,
  platform: LiveObject<Platform>,
  signal: AbortSignal,
): Promise<PlatformView> {
  const { name, namespace = '' } = platform.metadata;
  const place = { name, namespace };
  const [pods, sets, jobs] = await Promise.all([
    listOf(connection, Pods, place, signal),
    listOf(connection, StatefulSets, place, signal),
    listOf(connection, Jobs, place, signal),
  ]);
  return composeView(platform, { pods, sets, jobs });
}

interface Parts {
  readonly pods: readonly LiveObject<Pod>[];
  readonly sets: readonly LiveObject<StatefulSet>[];
  readonly jobs: readonly LiveObject<Job>[];
}

/** The view of what was read. */
export function composeView(platform: Platform, parts: Parts): PlatformView {
  const { status = {}, metadata } = platform;
  const { summary = 'the operator has not looked at it yet', version, services, currentRevision, lastGoodRevision, endpoints } = status; // prettier-ignore
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    health: healthOf(conditionOf(platform, 'Ready'), isStalled(platform)),
    summary,
    ...(version !== undefined && { version }),
    ...(services !== undefined && { services }),
    ...(currentRevision !== undefined && { currentRevision }),
    ...(lastGoodRevision !== undefined && { lastGoodRevision }),
    ...(endpoints && { endpoints }),
    components: componentsOf(platform, parts),
  };
}

/** A condition about the present specification; an older one says nothing of it. */
export function conditionOf({ metadata, status }: Platform, type: string): Condition | undefined {
  const found = status?.conditions?.find((condition) => condition.type === type);
  return found?.observedGeneration === metadata.generation ? found : undefined;
}

/** Whether only somebody can help. */
export function isStalled(platform: Platform): boolean {
  return conditionOf(platform, 'Stalled')?.status === 'True';
}

function healthOf(condition: Condition | undefined, stuck: boolean): Health {
  if (condition?.status === 'True') return 'good';
  return stuck ? 'bad' : 'busy';
}

function componentsOf(platform: Platform, { pods, sets, jobs }: Parts): ComponentView[] {
  const component = (name: string, type: string, workloads: readonly WorkloadView[] = []): ComponentView => {
    const condition = conditionOf(platform, type);
    const broken = workloads.some(({ health }) => health === 'bad') || isTrouble(condition);
    const message = condition && condition.status !== 'True' ? `${condition.reason}: ${condition.message}` : undefined;
    return { name, health: healthOf(condition, broken), ...(message !== undefined && { message }), workloads };
  };
  const server = (workload: string): WorkloadView[] =>
    sets.filter((set) => workloadOf(set) === workload).map((set) => serverView(set, podsOf(pods, workload)));
  const unfinished = jobs.filter((job) => jobState(job) !== 'complete').map((job) => jobView(job, pods));
  return [
    component('secrets', 'SecretsReady'),
    component('database', 'DatabaseReady', server('postgres')),
    component('cache', 'CacheReady', server('cache')),
    component('migrations', 'MigrationsReady', unfinished),
    ...wavesView(platform, pods),
    component('edge', 'EdgeReady'),
  ];
}

/** Not waiting for its turn, and not merely on its way. */
function isTrouble(condition: Condition | undefined): boolean {
  return condition?.status === 'False' && !/^(RollingOut|Starting|MigrationRunning|Waiting|Pending|Paused|SecretsAppearing)$/.test(condition.reason); // prettier-ignore
}

function wavesView(platform: Platform, pods: readonly LiveObject<Pod>[]): ComponentView[] {
  const rows = platform.status?.workloads ?? [];
  const waves = wavesOf(platform);
  const placed = new Set(waves.flat());
  const rest = rows.map(({ name }) => name).filter((name) => !placed.has(name));
  return [...waves, ...(rest.length > 0 ? [rest] : [])].map((wave, index): ComponentView => {
    const workloads = wave.map((name) => serviceView(name, rows.find((row) => row.name === name), pods)); // prettier-ignore
    const health = worstOf(workloads);
    return { name: `wave ${index + 1}`, health, workloads };
  });
}

function worstOf(workloads: readonly WorkloadView[]): Health {
  const found = new Set(workloads.map(({ health }) => health));
  if (found.has('bad')) return 'bad';
  return found.has('busy') ? 'busy' : 'good';
}

function serviceView(name: string, row: WorkloadStatus | undefined, pods: readonly LiveObject<Pod>[]): WorkloadView {
  const own = podsOf(pods, name).map(podView);
  if (!row) return { name, kind: 'Deployment', health: 'busy', ready: 0, desired: 0, message: 'not looked at yet', pods: own }; // prettier-ignore
  const { version, ready, desired } = row;
  const words = { health: rowHealth(row), message: rowMessage(row) };
  return { name, kind: 'Deployment', ready, desired, ...(version !== undefined && { version }), ...words, pods: own };
}

function rowHealth({ reason, verification }: WorkloadStatus): Health {
  if (reason === undefined) return verification?.result === 'Passed' ? 'good' : 'busy';
  return /^(RollingOut|Waiting)$/.test(reason) ? 'busy' : 'bad';
}

function rowMessage({ reason, message, verification }: WorkloadStatus): string {
  if (reason !== undefined) return [reason, message].join(': ');
  return verification ? `answered in ${verification.latencyMilliseconds ?? 0} ms` : 'not asked yet';
}

function serverView(set: LiveObject<StatefulSet>, pods: readonly LiveObject<Pod>[]): WorkloadView {
  const own = pods.map(podView);
  const health: Health = isStatefulSetReady(set) ? 'good' : own.some((pod) => pod.health === 'bad') ? 'bad' : 'busy';
  const ready = set.status?.readyReplicas ?? 0;
  return { name: set.metadata.name, kind: 'StatefulSet', health, ready, desired: wantedPods(set), pods: own };
}

function jobView(job: LiveObject<Job>, pods: readonly LiveObject<Pod>[]): WorkloadView {
  const { name } = job.metadata;
  const own = pods.filter(({ metadata }) => metadata.labels?.['batch.kubernetes.io/job-name'] === name).map(podView);
  const failed = jobState(job) === 'failed';
  return { name, kind: 'Job', health: failed ? 'bad' : 'busy', ready: job.status?.succeeded ?? 0, desired: 1, pods: own }; // prettier-ignore
}

function workloadOf({ metadata }: LiveObject): string | undefined {
  return metadata.labels?.[workloadLabel];
}

function podsOf(pods: readonly LiveObject<Pod>[], workload: string): LiveObject<Pod>[] {
  return pods.filter((pod) => workloadOf(pod) === workload);
}

/** Names that `logs` takes: of services, and of what they rest on. */
export const workloadNames: readonly string[] = [...catalogue.map(({ name }) => name), 'postgres', 'cache'];
