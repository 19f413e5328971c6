import type { Manager } from '../../../src/runtime/index.ts';
import type { FaultPlan, RequestInfo } from '../../harness/fault-plan.ts';
import type { ProxiedRequest } from '../../harness/fault-proxy.ts';
import { FaultProxy } from '../../harness/fault-proxy.ts';
import { SYSTEM } from './install-chart.ts';
import { OperatorProcess } from './operator-process.ts';
import type { Place } from './place.ts';
import { writeProxyKubeconfig } from './proxy-kubeconfig.ts';
import type { OperatorChanges, World } from './world.ts';

/** What one life of an operator is to endure. */
export interface LifeOptions extends OperatorChanges {
  readonly faults?: FaultPlan;
}

export interface ProcessOptions {
  readonly faults?: FaultPlan;
  readonly environment?: Readonly<Record<string, string>>;
  /** Further flags of Node. */
  readonly flags?: readonly string[];
}

/** An operator in a process of its own, and the proxy that sees all it does. */
export interface Life {
  readonly proxy: FaultProxy;
  readonly process: OperatorProcess;
}

const READS: readonly RequestInfo['verb'][] = ['get', 'list', 'watch'];

/** What was asked to be changed through one proxy; Leases and Events aside. */
export function writesThrough({ requests }: FaultProxy): ProxiedRequest[] {
  return requests.filter(({ verb, kind, forwarded }) => forwarded && !READS.includes(verb) && kind !== 'leases' && kind !== 'events'); // prettier-ignore
}

/**
 * One namespace with an operator of its own, which reaches the API server only through a proxy that breaks things. Each
 * life of the operator has a proxy of its own: what is left of one that has crashed can do nothing more.
 */
export class Subject {
  readonly place: Place;
  readonly #world: World;
  readonly #seed: number;
  readonly #lives: FaultProxy[] = [];
  readonly #ended: Promise<unknown>[] = [];
  readonly #processes: OperatorProcess[] = [];
  #manager: Manager | undefined;

  private constructor(world: World, place: Place, seed: number) {
    this.#world = world;
    this.place = place;
    this.#seed = seed;
  }

  /** @param seed of the dice that faults with a chance are thrown by. */
  static async open(world: World, seed = 1): Promise<Subject> {
    return new Subject(world, await world.place(), seed);
  }

  /** The proxy of the present life. */
  get proxy(): FaultProxy {
    const proxy = this.#lives.at(-1);
    if (!proxy) throw new Error('the operator has not been started');
    return proxy;
  }

  get manager(): Manager {
    if (!this.#manager) throw new Error('the operator does not run');
    return this.#manager;
  }

  /** Starts the operator in this process; it watches this namespace alone. */
  async start({ faults = [], ...changes }: LifeOptions = {}): Promise<FaultProxy> {
    const proxy = await this.#openProxy(faults);
    const environment = { ...(await this.#environment(proxy)), ...changes.environment };
    this.#manager = await this.#world.startOperator({ ...changes, environment });
    return proxy;
  }

  /** Starts the operator as a process of its own, with the Lease of this subject. */
  async startProcess(name: string, { faults = [], environment, flags }: ProcessOptions = {}): Promise<Life> {
    const proxy = await this.#openProxy(faults);
    const process = new OperatorProcess(
      {
        ...(await this.#environment(proxy)),
        PLATFORM_VERSION: '0.1.0',
        POD_NAME: name,
        POD_NAMESPACE: SYSTEM,
        HEALTH_PORT: '0',
        LEADER_ELECTION_ENABLED: 'true',
        LEADER_ELECTION_LEASE_NAME: this.lease,
        ...environment,
      },
      { answererPort: this.#world.answerer.port, ...(flags && { flags }) },
    );
    this.#ended.push(process.exited);
    this.#processes.push(process);
    return { proxy, process };
  }

  /** The name of the Lease that processes of this subject contend for. */
  get lease(): string {
    return `lease-${this.place.namespace}`;
  }

  async #openProxy(faults: FaultPlan): Promise<FaultProxy> {
    const { plane } = this.#world;
    const proxy = await FaultProxy.start({ url: plane.url, caPem: plane.caPem, admin: plane.admin }, this.#seed);
    this.#lives.push(proxy);
    for (const fault of faults) proxy.inject(fault);
    return proxy;
  }

  async #environment(proxy: FaultProxy): Promise<Record<string, string>> {
    return {
      KUBECONFIG: await writeProxyKubeconfig(this.#world, proxy),
      WATCH_NAMESPACES: this.place.namespace,
      LEADER_ELECTION_ENABLED: 'false',
      SHUTDOWN_GRACE_SECONDS: '1',
    };
  }

  /** Ends the operator as a crash does: from now on nothing of it reaches the API server. */
  crash(): void {
    this.proxy.sever();
    const manager = this.#manager;
    this.#manager = undefined;
    if (manager) this.#ended.push(this.#world.stopOperator(manager).catch(() => undefined));
  }

  /** Ends the operator as a signal does. */
  async stop(): Promise<void> {
    const manager = this.#manager;
    this.#manager = undefined;
    if (manager) await this.#world.stopOperator(manager);
  }

  /** Ends everything of this subject; its namespace stays. */
  async close(): Promise<void> {
    if (this.#manager) this.crash();
    for (const process of this.#processes) process.signal('SIGKILL');
    await Promise.all(this.#ended);
    await Promise.all(this.#lives.map((proxy) => proxy.stop()));
  }

  /** What the API server was asked to change, in all lives, in order; Leases and Events aside. */
  writes(): ProxiedRequest[] {
    return this.#lives.flatMap(writesThrough);
  }

  /** Waits until nothing has been written for so long. */
  async quiet(forMs = 400): Promise<void> {
    for (let [count, since] = [this.writes().length, Date.now()]; Date.now() - since < forMs;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const now = this.writes().length;
      if (now !== count) [count, since] = [now, Date.now()];
    }
  }
}
