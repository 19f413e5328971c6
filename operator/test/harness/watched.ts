import { Reflector } from '../../src/runtime/cache/reflector.ts';
import { Store } from '../../src/runtime/cache/store.ts';
import { strip } from '../../src/runtime/cache/strip.ts';
import type { Cluster } from '../../src/runtime/index.ts';
import { systemClock } from '../../src/runtime/index.ts';
import { ObjectClient } from '../../src/runtime/object-client.ts';
import { Transport } from '../../src/runtime/transport/transport.ts';
import type { LogLine } from './quiet-log.ts';
import { quietLog } from './quiet-log.ts';
import type { ConfigMap } from './widget.ts';
import { configMaps } from './widget.ts';

/** A running reflector of a namespace's ConfigMaps, and everything it said. */
export class Watched {
  /** `added one=1`, in order. */
  readonly changes: string[] = [];
  readonly lines: LogLine[] = [];
  readonly store = new Store<ConfigMap>({ ownerLabel: 'owner', monotonic: () => performance.now() });
  readonly reflector: Reflector<ConfigMap>;
  readonly #transport: Transport;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(cluster: Cluster, namespace: string, windowSeconds = 25, optional = false) {
    this.#transport = new Transport({ cluster });
    this.reflector = new Reflector<ConfigMap>({
      scope: { kind: configMaps, namespace },
      store: this.store,
      client: new ObjectClient(this.#transport, 'test'),
      transport: this.#transport,
      transform: strip,
      tell: (changes) => {
        for (const { type, object } of changes)
          this.changes.push(`${type} ${object.metadata.name}=${object.data?.['v'] ?? ''}`);
      },
      optional,
      window: { seconds: windowSeconds, spreadSeconds: 1 },
      clock: systemClock,
      random: Math.random,
      log: quietLog(this.lines),
    });
    this.#running = this.reflector.run(this.#stopping.signal);
  }

  has(name: string, value: string): boolean {
    return this.store.get({ namespace: [...this.store.keys()][0]?.namespace ?? '', name })?.data?.['v'] === value;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopped by the test'));
    await this.#running;
    await this.#transport.close();
  }
}
