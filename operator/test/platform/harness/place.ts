import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import type { Platform } from '../../../src/platform/kinds.ts';
import type { Rule, SeenPod } from './pod-double.ts';

export type { Platform };

const NAME = 'acme';

/** One namespace of a world with the platform `acme` in it: what a test makes, sees and disturbs. */
export class Place {
  readonly namespace: string;
  readonly #plane: ControlPlane;
  readonly #log: readonly string[];
  readonly #addRule: (rule: Rule) => void;

  constructor(
    namespace: string,
    parts: { plane: ControlPlane; log: readonly string[]; addRule: (rule: Rule) => void },
  ) {
    this.namespace = namespace;
    this.#plane = parts.plane;
    this.#log = parts.log;
    this.#addRule = parts.addRule;
  }

  /** Applies the platform as a user would. */
  async apply(spec: GenAIPlatformSpec): Promise<void> {
    const metadata = { name: NAME, namespace: this.namespace };
    const platform = { apiVersion: 'genaiplatform.io/v1alpha1', kind: 'GenAIPlatform', metadata, spec };
    await this.#plane.request('PATCH', `${this.#path()}?fieldManager=test&force=true`, {
      contentType: 'application/apply-patch+yaml',
      text: JSON.stringify(platform),
    });
  }

  /** Applies the platform and waits until it is Ready. */
  async ready(spec: GenAIPlatformSpec): Promise<Platform> {
    await this.apply(spec);
    return this.until(isReady, 180_000);
  }

  platform(): Promise<Platform> {
    return this.#plane.request('GET', this.#path());
  }

  annotate(name: string, value: string): Promise<unknown> {
    return this.#plane.request('PATCH', this.#path(), {
      contentType: 'application/merge-patch+json',
      text: JSON.stringify({ metadata: { annotations: { [name]: value } } }),
    });
  }

  delete(): Promise<unknown> {
    return this.#plane.request('DELETE', this.#path());
  }

  /** Waits until the platform no longer exists. */
  async gone(): Promise<void> {
    const isGone = (): Promise<boolean> => this.platform().then(() => false, isNotFound);
    for (const deadline = Date.now() + 180_000; !(await isGone());) {
      if (Date.now() > deadline) await this.until(() => false, 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  get<T = Live>(plural: string, name: string): Promise<Live & T> {
    return this.#plane.request('GET', objectPath(this.namespace, plural, name));
  }

  /** Whether there is no such object. */
  lacks(plural: string, name: string): Promise<boolean> {
    return this.get(plural, name).then(
      () => false,
      (error: unknown) => isNotFound(error),
    );
  }

  async list<T = Live>(plural: string): Promise<(Live & T)[]> {
    return (await this.#plane.request<{ items: (Live & T)[] }>('GET', objectPath(this.namespace, plural))).items;
  }

  /** Names of what belongs to the platform. */
  async names(plural: string): Promise<string[]> {
    return (await this.list(plural)).map(({ metadata }) => metadata.name).filter((name) => name.startsWith(NAME)).sort(); // prettier-ignore
  }

  /** Identities of the pods that serve: what a disturbance would change. */
  async servingPods(): Promise<string[]> {
    const pods = await this.list<{ status: { phase: string } }>('pods');
    return pods.filter(({ status }) => status.phase === 'Running').map(({ metadata }) => metadata.uid).sort(); // prettier-ignore
  }

  /** The decoded values of a Secret. */
  async secret(name: string): Promise<Record<string, string>> {
    const { data = {} } = await this.get<{ data?: Record<string, string> }>('secrets', name);
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, atob(value)]));
  }

  remove(plural: string, name: string): Promise<unknown> {
    return this.#plane.request('DELETE', objectPath(this.namespace, plural, name));
  }

  create(plural: string, object: object): Promise<unknown> {
    return this.#plane.request('POST', objectPath(this.namespace, plural), object);
  }

  /** Edits an object as somebody else would. */
  patch(plural: string, name: string, patch: object): Promise<unknown> {
    return this.#plane.request('PATCH', `${objectPath(this.namespace, plural, name)}?fieldManager=somebody`, {
      contentType: 'application/strategic-merge-patch+json',
      text: JSON.stringify(patch),
    });
  }

  /** Decides the fate of pods of this namespace; returns how to take the decision back. */
  pods(rule: (pod: SeenPod) => ReturnType<Rule>): () => void {
    let holds = true;
    this.#addRule((pod) => (holds && pod.metadata.namespace === this.namespace ? rule(pod) : undefined));
    return () => (holds = false);
  }

  /** Waits until the platform is as the test says. @throws with what it was instead. */
  async until(holds: (platform: Platform) => boolean, withinMs = 45_000): Promise<Platform> {
    let last: Platform | undefined;
    for (const deadline = Date.now() + withinMs; Date.now() < deadline;) {
      last = await this.platform().catch(() => undefined);
      if (last && holds(last)) return last;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(
      [`${this.namespace}/${NAME} is not so at ${new Date().toISOString()}:`, ...describe(last), ...this.#said()].join(
        '\n',
      ),
    );
  }

  /** What the operator has logged of this namespace last. */
  #said(): readonly string[] {
    return this.#log.filter((line) => line.includes(`"namespace":"${this.namespace}"`)).slice(-5);
  }

  #path(): string {
    return `/apis/genaiplatform.io/v1alpha1/namespaces/${this.namespace}/genaiplatforms/${NAME}`;
  }
}

/** Tries until it does not throw. */
export async function eventually<T>(attempt: () => Promise<T>, withinMs = 45_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function describe(platform: Platform | undefined): string[] {
  const { conditions = [], workloads = [] } = platform?.status ?? {};
  return [
    ...conditions.map(
      ({ type, status, reason, message, lastTransitionTime }) =>
        `${type} ${status} ${reason} since ${lastTransitionTime}: ${message.slice(0, 300)}`,
    ),
    ...workloads.map((row) => JSON.stringify(row)),
  ];
}

/** Whether the condition has this status, about the present specification. */
export function has(type: string, status: 'True' | 'False', reason?: string): (platform: Platform) => boolean {
  return ({ metadata, status: seen }) =>
    seen?.conditions?.some(
      (condition) =>
        condition.type === type &&
        condition.status === status &&
        condition.observedGeneration === metadata.generation &&
        (reason === undefined || condition.reason === reason),
    ) ?? false;
}

export const isReady = has('Ready', 'True');

/** An object as the API server returns it. */
export interface Live {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly uid: string }[];
  };
}

const GROUPS: Readonly<Record<string, string>> = {
  deployments: 'apps/v1',
  statefulsets: 'apps/v1',
  controllerrevisions: 'apps/v1',
  replicasets: 'apps/v1',
  jobs: 'batch/v1',
  horizontalpodautoscalers: 'autoscaling/v2',
  poddisruptionbudgets: 'policy/v1',
  ingresses: 'networking.k8s.io/v1',
  networkpolicies: 'networking.k8s.io/v1',
  httproutes: 'gateway.networking.k8s.io/v1',
  certificates: 'cert-manager.io/v1',
  externalsecrets: 'external-secrets.io/v1',
  volumesnapshots: 'snapshot.storage.k8s.io/v1',
};

function objectPath(namespace: string, plural: string, name?: string): string {
  const group = GROUPS[plural];
  const root = group === undefined ? '/api/v1' : `/apis/${group}`;
  return `${root}/namespaces/${namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
}

function isNotFound(error: unknown): boolean {
  return String(error).includes(': 404 ');
}
