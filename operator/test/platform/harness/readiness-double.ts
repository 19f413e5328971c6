import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { ControlPlane } from '../../../../test/harness/control-plane.ts';

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
  readonly #agent: Agent;
  readonly #watches = new Map<string, ClientRequest>();
  #stopped = false;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
    const { certPem: cert, keyPem: key } = plane.admin;
    this.#agent = new Agent({ keepAlive: true, ca: plane.caPem, cert, key });
  }

  /** Resolves when its watches are open. */
  async start(): Promise<this> {
    await Promise.all(COLLECTIONS.map((path) => this.#watch(path)));
    return this;
  }

  stop(): void {
    this.#stopped = true;
    for (const watch of this.#watches.values()) watch.destroy();
    this.#agent.destroy();
  }

  #watch(path: string): Promise<void> {
    // Without a version: what exists comes first, as ADDED.
    const url = new URL(`${path}?watch=true&timeoutSeconds=3600`, this.#plane.url);
    return new Promise((resolve) => {
      const again = (): void => void (!this.#stopped && setTimeout(() => void this.#watch(path), 200));
      const watch = request(url, { agent: this.#agent }, (answer) => {
        resolve();
        answer.on('error', () => undefined).on('close', again);
        this.#follow(path, answer);
      });
      watch.on('error', () => undefined).end();
      this.#watches.set(path, watch);
    });
  }

  #follow(path: string, answer: IncomingMessage): void {
    const lines = createInterface({ input: answer });
    // What ends the answer ends it for the lines as well.
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const { type, object } = JSON.parse(line) as { type: string; object: Workload };
      if (type === 'ADDED' || type === 'MODIFIED') void this.#tell(path, object).catch(() => undefined);
    });
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
