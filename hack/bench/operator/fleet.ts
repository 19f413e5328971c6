import { OPERATOR, SYSTEM } from '../../../operator/test/platform/harness/install-chart.ts';
import { OperatorProcess } from '../../../operator/test/platform/harness/operator-process.ts';
import type { Platform } from '../../../operator/test/platform/harness/place.ts';
import { isReady } from '../../../operator/test/platform/harness/place.ts';
import type { World } from '../../../operator/test/platform/harness/world.ts';
import { freePort } from '../../../test/harness/control-plane/ports.ts';
import { sideBySide } from '../../faults/room.ts';

const ROOT = '/apis/genaiplatform.io/v1alpha1';
const NAMESPACES = 20;

/** Many platforms, and one operator for all of them, in a process of its own. */
export class Fleet {
  readonly #world: World;
  readonly size: number;
  #port = 0;
  #operator: OperatorProcess | undefined;

  constructor(world: World, size: number) {
    this.#world = world;
    this.size = size;
  }

  /** @param options `kubeconfig`: of another way to the API server than the direct one; `flags`: more for Node. */
  async startOperator({
    kubeconfig = this.#world.kubeconfig,
    flags = [],
  }: { readonly kubeconfig?: string; readonly flags?: readonly string[] } = {}): Promise<OperatorProcess> {
    this.#port = await freePort();
    this.#operator = new OperatorProcess(
      {
        KUBECONFIG: kubeconfig,
        PLATFORM_VERSION: '0.1.0',
        POD_NAME: 'operator',
        POD_NAMESPACE: SYSTEM,
        HEALTH_PORT: String(this.#port),
        LEADER_ELECTION_ENABLED: 'false',
        LEADER_ELECTION_LEASE_NAME: OPERATOR,
      },
      { answererPort: this.#world.answerer.port, flags },
    );
    return this.#operator;
  }

  async stopOperator(): Promise<void> {
    await this.#operator?.end();
  }

  async createAll(): Promise<void> {
    const { plane } = this.#world;
    for (let index = 0; index < Math.min(NAMESPACES, this.size); index += 1) {
      await plane.request('POST', '/api/v1/namespaces', { metadata: { name: `fleet-${index}` } });
    }
    await sideBySide(8, [...Array(this.size).keys()], (index) => this.apply(index, { profile: 'dev' }));
  }

  async apply(index: number, spec: object): Promise<void> {
    const [namespace, name] = [`fleet-${index % NAMESPACES}`, `p${index}`];
    const platform = {
      apiVersion: 'genaiplatform.io/v1alpha1',
      kind: 'GenAIPlatform',
      metadata: { name, namespace },
      spec,
    };
    await this.#world.plane.request('PATCH', `${ROOT}/namespaces/${namespace}/genaiplatforms/${name}?fieldManager=bench&force=true`, { contentType: 'application/apply-patch+yaml', text: JSON.stringify(platform) }); // prettier-ignore
  }

  /** How many are ready in their present generation. */
  async ready(): Promise<number> {
    const { items } = await this.#world.plane.request<{ items: Platform[] }>('GET', `${ROOT}/genaiplatforms`);
    return items.filter(isReady).length;
  }

  /** Waits until all are ready, or not any longer; returns how many are. */
  async allReady(withinMs: number): Promise<number> {
    for (const deadline = Date.now() + withinMs; ;) {
      const count = await this.ready();
      if (count === this.size || Date.now() > deadline) return count;
      // A list of a thousand platforms costs the API server more than the operator does.
      await new Promise((resolve) => setTimeout(resolve, Math.max(2_000, this.size * 15)));
    }
  }

  /** A metric of the operator, all labels summed, or those with this value in one; 0 while it does not answer. */
  async metric(name: string, label = ''): Promise<number> {
    const page = await fetch(`http://127.0.0.1:${this.#port}/metrics`).then((answer) => answer.text(), () => ''); // prettier-ignore
    const labels = label === '' ? '(?:\\{[^}]*\\})?' : `\\{[^}]*="${label}"[^}]*\\}`;
    const values = [...page.matchAll(new RegExp(`^${name}${labels} ([0-9.e+-]+)$`, 'gm'))];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  }
}
