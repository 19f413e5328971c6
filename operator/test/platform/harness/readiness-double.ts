import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import { Follower } from './follower.ts';

const COLLECTIONS = ['/apis/apps/v1/deployments', '/apis/apps/v1/statefulsets', '/apis/batch/v1/jobs'];

interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly generation: number };
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string }[];
  };
}

/**
 * Answers readiness at once, without controllers and without pods: says of each workload what its controller would say
 * when all is well, as soon as a watch shows it. For measurements of the operator alone, and of a thousand platforms.
 */
export class ReadinessDouble {
  readonly #plane: ControlPlane;
  readonly #followers: readonly Follower<Workload>[];

  constructor(plane: ControlPlane) {
    this.#plane = plane;
    this.#followers = COLLECTIONS.map(
      (path) =>
        new Follower<Workload>(plane, path, ({ type, object }) => {
          if (object && type !== 'DELETED') void this.#tell(path, object).catch(() => undefined);
        }),
    );
  }

  /** Resolves when its watches are open. */
  async start(): Promise<this> {
    await Promise.all(this.#followers.map((follower) => follower.start()));
    return this;
  }

  stop(): void {
    for (const follower of this.#followers) follower.stop();
  }

  async #tell(path: string, { kind, metadata, spec, status }: Workload): Promise<void> {
    const isJob = kind === 'Job';
    if (isJob ? status?.conditions !== undefined : status?.observedGeneration === metadata.generation) return;
    const [root, plural] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
    const place = `${root}/namespaces/${metadata.namespace}/${plural}/${metadata.name}/status`;
    const next = isJob ? completed() : running(kind, metadata.generation, spec.replicas ?? 1);
    await this.#plane.request('PATCH', place, {
      contentType: 'application/merge-patch+json',
      text: JSON.stringify({ status: next }),
    });
  }
}

function running(kind: string, observedGeneration: number, replicas: number): object {
  const counts = { observedGeneration, replicas, readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas }; // prettier-ignore
  if (kind === 'StatefulSet') return { ...counts, currentRevision: 'one', updateRevision: 'one' };
  return { ...counts, conditions: [{ type: 'Available', status: 'True', lastTransitionTime: now(), lastUpdateTime: now() }] }; // prettier-ignore
}

function completed(): object {
  const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) => ({ type, status: 'True', lastTransitionTime: now() })); // prettier-ignore
  return { startTime: now(), completionTime: now(), succeeded: 1, conditions };
}

function now(): string {
  return new Date().toISOString().replace(/\.\d{3}Z$/, 'Z');
}
