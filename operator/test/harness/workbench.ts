import type { Errand } from '../../src/runtime/apply/applier.ts';
import { Applier } from '../../src/runtime/apply/applier.ts';
import type { Plan } from '../../src/runtime/apply/plan.ts';
import { Remover } from '../../src/runtime/apply/remover.ts';
import { Cache } from '../../src/runtime/cache/cache.ts';
import type { Cluster, LiveObject, Ownership, ResourceKind } from '../../src/runtime/index.ts';
import { systemClock } from '../../src/runtime/index.ts';
import { KindRegistry } from '../../src/runtime/kind-registry.ts';
import { ObjectClient } from '../../src/runtime/object-client.ts';
import { isWrite } from '../../src/runtime/transport/call.ts';
import type { CallRecord } from '../../src/runtime/transport/transport.ts';
import { Transport } from '../../src/runtime/transport/transport.ts';
import { quietLog } from './quiet-log.ts';
import { until } from './until.ts';

export const testOwnership: Ownership = {
  fieldManager: 'test-operator',
  ownerLabel: 'test.example.com/owner',
  appliedAnnotation: 'test.example.com/applied',
  finalizer: 'test.example.com/finalizer',
};

/** The parts below the reconcile loop, against a cluster, with a record of every call. */
export class Workbench {
  readonly calls: CallRecord[] = [];
  readonly idle: Plan[] = [];
  readonly client: ObjectClient;
  readonly cache: Cache;
  readonly applier: Applier;
  readonly remover: Remover;
  readonly #transport: Transport;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  private constructor(cluster: Cluster, kinds: readonly ResourceKind[]) {
    this.#transport = new Transport({
      cluster,
      rate: { perSecond: 1_000, burst: 1_000 },
      onCall: (record) => this.calls.push(record),
    });
    const transport = this.#transport;
    this.client = new ObjectClient(transport, testOwnership.fieldManager);
    const { client } = this;
    const { ownerLabel } = testOwnership;
    this.cache = new Cache({ transport, client, ownerLabel, clock: systemClock, log: quietLog() });
    const registry = new KindRegistry();
    for (const kind of kinds) {
      registry.add(kind);
      this.cache.add({ kind });
    }
    const parts = { client, cache: this.cache, kinds: registry, ownership: testOwnership };
    this.applier = new Applier({ ...parts, onIdleWrite: (_ref, plan) => this.idle.push(plan) });
    this.remover = new Remover(parts);
    this.#running = this.cache.run(this.#stopping.signal);
  }

  /** With caches that are filled and followed. */
  static async open(cluster: Cluster, kinds: readonly ResourceKind[]): Promise<Workbench> {
    const bench = new Workbench(cluster, kinds);
    await bench.cache.whenSynced();
    const reflectors = kinds.flatMap((kind) => bench.cache.reflectors(kind));
    await until(() => reflectors.every(({ state }) => state === 'live'), 'all watches are open');
    return bench;
  }

  errand(owner: LiveObject): Errand {
    return { owner, signal: this.#stopping.signal, guard: () => undefined };
  }

  /** Requests since the last time this was asked. */
  takeCalls(): CallRecord[] {
    return this.calls.splice(0).filter(({ verb }) => verb !== 'watch');
  }

  takeWrites(): CallRecord[] {
    return this.takeCalls().filter(({ verb }) => isWrite(verb));
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error('closed by the test'));
    await this.#running;
    await this.#transport.close();
  }
}
