import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { createLogger } from '@genai-platform/common/core';
import { Registry } from 'prom-client';
import type { AuditEvent, ControlPlane, ControlPlaneOptions } from '../../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../../test/harness/control-plane.ts';
import { template } from '../../../../test/charts/helm.ts';
import { loadConfig } from '../../../src/config.ts';
import type { OperatorParts } from '../../../src/operator.ts';
import { runOperator } from '../../../src/operator.ts';
import type { Platform } from '../../../src/platform/kinds.ts';
import type { Manager } from '../../../src/runtime/index.ts';
import { Answerer } from './answerer.ts';
import { PodDouble } from './pod-double.ts';

export const SYSTEM = 'genai-system';
const ACCOUNT = { namespace: SYSTEM, name: 'acme-genai-operator' };

/** The name by which the audit log knows the operator. */
export const OPERATOR_USER = `system:serviceaccount:${SYSTEM}:${ACCOUNT.name}`;

/** Records who asked for what, without what was said. */
export const auditPolicy = { rules: [{ level: 'Metadata' }], omitStages: ['RequestReceived'] };

/** What a test changes about an operator that it starts. */
export interface OperatorChanges {
  readonly environment?: Readonly<Record<string, string>>;
  readonly controllers?: OperatorParts['controllers'];
  readonly registry?: Registry;
}

/**
 * A control plane with the operator's chart in it (definition, account, rights), a double for the kubelets and one for
 * the workloads' HTTP side. The operator runs in this process, as the chart's ServiceAccount and with its rights.
 */
export class World {
  readonly plane: ControlPlane;
  readonly pods: PodDouble;
  readonly answerer: Answerer;
  /** Of the chart’s ServiceAccount. */
  readonly kubeconfig: string;
  readonly #running = new Set<Manager>();
  #namespaces = 0;
  /** The last lines that the operator logged, for the error of a test that waits in vain. */
  readonly #log: string[] = [];

  constructor(plane: ControlPlane, kubeconfig: string, answerer: Answerer) {
    this.plane = plane;
    this.kubeconfig = kubeconfig;
    this.answerer = answerer;
    this.pods = new PodDouble(plane).start();
  }

  static async start(options: ControlPlaneOptions = {}): Promise<World> {
    const plane = await startControlPlane(options);
    await installChart(plane);
    return new World(plane, await plane.kubeconfigFor(ACCOUNT), await new Answerer().start());
  }

  async stop(): Promise<void> {
    await this.stopOperators();
    await this.pods.stop();
    this.answerer.stop();
    await this.plane.stop();
  }

  /** Starts one replica of the operator; by default the only one. */
  async startOperator({ environment, controllers, registry }: OperatorChanges = {}): Promise<Manager> {
    const config = loadConfig({
      KUBECONFIG: this.kubeconfig,
      PLATFORM_VERSION: '0.1.0',
      POD_NAME: `operator-${this.#running.size}`,
      POD_NAMESPACE: SYSTEM,
      HEALTH_PORT: '0',
      LEADER_ELECTION_LEASE_NAME: ACCOUNT.name,
      ...environment,
    });
    const destination = { write: (line: string) => void this.#log.push(line.slice(0, 600)) };
    const log = createLogger({ service: 'genai-operator', level: 'info', destination });
    const parts = {
      config,
      log,
      registry: registry ?? new Registry(),
      prober: this.answerer.prober(),
      ...(controllers && { controllers }),
    };
    const manager = await runOperator(parts);
    this.#running.add(manager);
    return manager;
  }

  async stopOperator(manager: Manager): Promise<void> {
    await manager.stop();
    this.#running.delete(manager);
  }

  async stopOperators(): Promise<void> {
    await Promise.all([...this.#running].map((manager) => this.stopOperator(manager)));
  }

  /** A namespace of its own for a test, in which the strictest pod security holds. */
  async namespace(): Promise<string> {
    this.#namespaces += 1;
    const name = `test-${this.#namespaces}`;
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await this.plane.request('POST', '/api/v1/namespaces', { metadata: { name, labels } });
    return name;
  }

  async apply(namespace: string, name: string, spec: GenAIPlatformSpec): Promise<void> {
    const platform = {
      apiVersion: 'genaiplatform.io/v1alpha1',
      kind: 'GenAIPlatform',
      metadata: { name, namespace },
      spec,
    };
    await this.plane.request('PATCH', `${platformPath(namespace, name)}?fieldManager=test&force=true`, {
      contentType: 'application/apply-patch+yaml',
      text: JSON.stringify(platform),
    });
  }

  platform(namespace: string, name: string): Promise<Platform> {
    return this.plane.request('GET', platformPath(namespace, name));
  }

  delete(namespace: string, name: string): Promise<unknown> {
    return this.plane.request('DELETE', platformPath(namespace, name));
  }

  get<T = Live>(namespace: string, plural: string, name: string): Promise<Live & T> {
    return this.plane.request('GET', objectPath(namespace, plural, name));
  }

  async list<T = Live>(namespace: string, plural: string): Promise<(Live & T)[]> {
    return (await this.plane.request<{ items: (Live & T)[] }>('GET', objectPath(namespace, plural))).items;
  }

  remove(namespace: string, plural: string, name: string): Promise<unknown> {
    return this.plane.request('DELETE', objectPath(namespace, plural, name));
  }

  create(namespace: string, plural: string, object: object): Promise<unknown> {
    return this.plane.request('POST', objectPath(namespace, plural), object);
  }

  /** What the operator has written so far by the audit log, which the world must have; its Lease aside. */
  async writes(): Promise<string[]> {
    const isWrite = ({ user, verb, objectRef }: AuditEvent): boolean =>
      user.username === OPERATOR_USER && !['get', 'list', 'watch'].includes(verb) && objectRef?.resource !== 'leases';
    return (await this.plane.auditEvents()).filter(isWrite).map(({ verb, requestURI }) => `${verb} ${requestURI}`);
  }

  /** Edits an object as somebody else would. */
  patch(namespace: string, plural: string, name: string, patch: object): Promise<unknown> {
    return this.plane.request('PATCH', `${objectPath(namespace, plural, name)}?fieldManager=somebody`, {
      contentType: 'application/strategic-merge-patch+json',
      text: JSON.stringify(patch),
    });
  }

  /** Tries until it does not throw. */
  async eventually<T>(attempt: () => Promise<T>, withinMs = 30_000): Promise<T> {
    for (const deadline = Date.now() + withinMs; ;) {
      try {
        return await attempt();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Waits until the platform is as the test says. @throws with what it was instead. */
  async until(
    [namespace, name]: readonly [string, string],
    holds: (platform: Platform) => boolean,
    withinMs = 30_000,
  ): Promise<Platform> {
    let last: Platform | undefined;
    for (const deadline = Date.now() + withinMs; Date.now() < deadline;) {
      last = await this.platform(namespace, name).catch(() => undefined);
      if (last && holds(last)) return last;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error([`${namespace}/${name} did not become so:`, ...describe(last), ...this.#log.slice(-5)].join('\n'));
  }
}

function describe(platform: Platform | undefined): string[] {
  const { conditions = [], workloads = [] } = platform?.status ?? {};
  return [
    ...conditions.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message.slice(0, 300)}`),
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
  replicasets: 'apps/v1',
  jobs: 'batch/v1',
  horizontalpodautoscalers: 'autoscaling/v2',
  poddisruptionbudgets: 'policy/v1',
  ingresses: 'networking.k8s.io/v1',
  networkpolicies: 'networking.k8s.io/v1',
  httproutes: 'gateway.networking.k8s.io/v1',
  certificates: 'cert-manager.io/v1',
};

function objectPath(namespace: string, plural: string, name?: string): string {
  const group = GROUPS[plural];
  const root = group === undefined ? '/api/v1' : `/apis/${group}`;
  return `${root}/namespaces/${namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
}

const platformPath = (namespace: string, name: string): string =>
  `/apis/genaiplatform.io/v1alpha1/namespaces/${namespace}/genaiplatforms/${name}`;

const PLURALS: Readonly<Record<string, string>> = {
  CustomResourceDefinition: 'apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  ServiceAccount: 'api/v1/serviceaccounts',
  ClusterRole: 'apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: 'apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  Role: 'apis/rbac.authorization.k8s.io/v1/roles',
  RoleBinding: 'apis/rbac.authorization.k8s.io/v1/rolebindings',
};

/** Everything of the operator's chart but what would run it: it runs in the test's process. */
async function installChart(plane: ControlPlane): Promise<void> {
  await plane.request('POST', '/api/v1/namespaces', { metadata: { name: SYSTEM } });
  const objects = await template('genai-operator', { namespace: SYSTEM });
  for (const object of objects) {
    const plural = PLURALS[object.kind];
    if (plural === undefined) continue;
    const { namespace } = object.metadata;
    const [collection = '', resource = ''] = [plural.slice(0, plural.lastIndexOf('/')), plural.split('/').at(-1)];
    const path = namespace === undefined ? `/${plural}` : `/${collection}/namespaces/${namespace}/${resource}`;
    await plane.request('POST', path, object);
  }
  await definitionEstablished(plane);
}

async function definitionEstablished(plane: ControlPlane): Promise<void> {
  for (let left = 100; left > 0; left -= 1) {
    const served = await plane.request('GET', '/apis/genaiplatform.io/v1alpha1/genaiplatforms').then(
      () => true,
      () => false,
    );
    if (served) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the definition of GenAIPlatform is not served');
}
