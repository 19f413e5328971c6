import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import type { Followed } from './follower.ts';
import { Follower } from './follower.ts';

/** What becomes of a pod: what a kubelet would report after trying to run it. */
export type Fate =
  | { readonly kind: 'ready' }
  /** Its one container ends well: the pod of a Job. */
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly exitCode: number; readonly message?: string }
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'crashing'; readonly exitCode: number; readonly message: string }
  | { readonly kind: 'unschedulable'; readonly message: string }
  /** It runs and has started, but its readiness probe does not succeed. */
  | { readonly kind: 'unready' }
  /** Nothing is reported yet. */
  | { readonly kind: 'untouched' };

/** A pod as the double reads it. */
export interface SeenPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly containers: readonly { readonly name: string; readonly image: string }[];
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  };
  readonly status?: { readonly phase?: string; readonly message?: string };
}

/** Decides a pod's fate; undefined leaves it to the next rule. The last rule added is asked first. */
export type Rule = (pod: SeenPod) => Fate | undefined;

/**
 * Stands in for every kubelet: no pod runs in a control plane without nodes, so this writes the status that a kubelet
 * would write, through `pods/status`. Everything else (ReplicaSets, Jobs, endpoints, garbage) is real Kubernetes.
 */
export class PodDouble {
  readonly #plane: ControlPlane;
  readonly #rules: Rule[] = [(pod) => ({ kind: isOfJob(pod) ? 'succeeded' : 'ready' })];
  readonly #pods = new Map<string, SeenPod>();
  readonly #told = new Map<string, string>();
  /** Pods whose volumes can be made. */
  readonly #mounted = new Set<string>();
  readonly #follower: Follower<SeenPod>;
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(plane: ControlPlane) {
    this.#plane = plane;
    this.#follower = new Follower(plane, '/api/v1/pods?labelSelector=genaiplatform.io%2Fplatform', (event) => {
      this.#see(event);
    });
  }

  start(): this {
    void this.#follower.start();
    this.#loop = this.#run();
    return this;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#follower.stop();
    await this.#loop;
  }

  /** Adds a rule that is asked before those that were added earlier. */
  rule(rule: Rule): void {
    this.#rules.unshift(rule);
  }

  #see({ type, object }: Followed<SeenPod>): void {
    if (!object) return this.#pods.clear();
    const { uid } = object.metadata;
    if (type !== 'DELETED') return void this.#pods.set(uid, object);
    for (const known of [this.#pods, this.#told, this.#mounted]) known.delete(uid);
  }

  /** Again and again: rules come and go. */
  async #run(): Promise<void> {
    while (!this.#stopped) {
      await Promise.all([...this.#pods.values()].map((pod) => this.#tell(pod).catch(() => undefined)));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #tell(pod: SeenPod): Promise<void> {
    const { name, namespace, uid } = pod.metadata;
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return;
    const fate = (await this.#volumeTrouble(pod)) ?? this.#fateOf(pod);
    if (fate.kind === 'untouched') return;
    const text = JSON.stringify(fate);
    if (this.#told.get(uid) === text) return;
    await this.#plane.request('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}/status`, {
      contentType: 'application/strategic-merge-patch+json',
      text: JSON.stringify({ status: statusOf(pod, fate) }),
    });
    this.#told.set(uid, text);
  }

  #fateOf(pod: SeenPod): Fate {
    for (const rule of this.#rules) {
      const fate = rule(pod);
      if (fate) return fate;
    }
    return { kind: 'untouched' };
  }

  /** A pod whose volume can never be made is not scheduled, as the real scheduler would say. */
  async #volumeTrouble({ metadata, spec }: SeenPod): Promise<Fate | undefined> {
    if (this.#mounted.has(metadata.uid)) return undefined;
    for (const { persistentVolumeClaim } of spec.volumes ?? []) {
      if (!persistentVolumeClaim) continue;
      const path = `/api/v1/namespaces/${metadata.namespace}/persistentvolumeclaims/${persistentVolumeClaim.claimName}`;
      const claim = await this.#plane.request<{ spec: { storageClassName?: string } }>('GET', path);
      const storageClass = claim.spec.storageClassName;
      if (storageClass === undefined || (await this.#exists(storageClass))) continue;
      return {
        kind: 'unschedulable',
        message: '0/0 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
      };
    }
    this.#mounted.add(metadata.uid);
    return undefined;
  }

  #exists(storageClass: string): Promise<boolean> {
    return this.#plane.request('GET', `/apis/storage.k8s.io/v1/storageclasses/${storageClass}`).then(
      () => true,
      () => false,
    );
  }
}

function isOfJob(pod: SeenPod): boolean {
  return pod.metadata.ownerReferences?.some(({ kind }) => kind === 'Job') ?? false;
}

function statusOf(pod: SeenPod, fate: Exclude<Fate, { kind: 'untouched' }>): object {
  const now = new Date().toISOString().replace(/\.\d{3}Z$/, 'Z');
  const condition = (type: string, holds: boolean, more: object = {}): object => ({ type, status: holds ? 'True' : 'False', lastTransitionTime: now, ...more }); // prettier-ignore
  if (fate.kind === 'unschedulable') {
    return { phase: 'Pending', conditions: [condition('PodScheduled', false, { reason: 'Unschedulable', message: fate.message })] }; // prettier-ignore
  }
  const ready = fate.kind === 'ready';
  return {
    phase: phaseOf(fate),
    startTime: now,
    conditions: [condition('PodScheduled', true), condition('Ready', ready), condition('ContainersReady', ready)],
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      name,
      image,
      imageID: '',
      ready,
      started: ready || fate.kind === 'unready',
      restartCount: fate.kind === 'crashing' ? 3 : 0,
      ...stateOf(fate, now),
    })),
  };
}

function phaseOf({ kind }: Fate): string {
  if (kind === 'succeeded') return 'Succeeded';
  if (kind === 'failed') return 'Failed';
  return kind === 'ready' || kind === 'unready' || kind === 'crashing' ? 'Running' : 'Pending';
}

function stateOf(fate: Fate, now: string): object {
  const ended = (exitCode: number, message?: string): object => ({
    terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', message, startedAt: now, finishedAt: now },
  });
  switch (fate.kind) {
    case 'ready':
    case 'unready':
      return { state: { running: { startedAt: now } } };
    case 'succeeded':
      return { state: ended(0) };
    case 'failed':
      return { state: ended(fate.exitCode, fate.message) };
    case 'crashing':
      return { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(fate.exitCode, fate.message) };
    case 'waiting':
      return { state: { waiting: { reason: fate.reason, message: fate.message } } };
    default:
      return {};
  }
}
