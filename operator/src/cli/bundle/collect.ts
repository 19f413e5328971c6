import { managedBy, referencedObjects } from '@genai-platform/cdk8s';
import type { Pod, Platform, Secret } from '../../platform/kinds.ts';
import { Deployments, Pods, Secrets, ownedKinds } from '../../platform/kinds.ts';
import type { KubeObject, LiveObject, ResourceKind } from '../../runtime/index.ts';
import { refTo } from '../../runtime/index.ts';
import type { Connection } from '../connection.ts';
import type { LogSource } from '../logs/log-sources.ts';
import { sourcesOf } from '../logs/log-sources.ts';
import { readLog } from '../logs/read-log.ts';
import type { Place } from '../read-platform.ts';
import { listOf } from '../read-platform.ts';

/** Of each container's log: enough to see what went wrong, too little to fill a disk. */
const LOG_LIMITS = { tailLines: 5_000, limitBytes: 2 * 2 ** 20 };

/** Collects what is to be in a bundle. What cannot be read is noted, and is no reason to leave out the rest. */
export class Collector {
  readonly problems: string[] = [];
  readonly #connection: Connection;
  readonly #signal: AbortSignal;

  constructor(connection: Connection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  /** The Secrets of the platform and those that it refers to: what must not be in the bundle. */
  async secrets(platform: LiveObject<Platform>): Promise<readonly Secret[]> {
    const { name, namespace } = platform.metadata;
    const own = await listOf(this.#connection, Secrets, { name, namespace }, this.#signal);
    const names = referencedObjects(platform).filter(({ kind }) => kind === 'Secret').map((object) => object.name); // prettier-ignore
    const others = await Promise.all(
      [...new Set(names)].map((secret) => this.#connection.client.get(refTo(Secrets, secret, namespace), this.#signal)),
    );
    return [...own, ...others.filter((secret) => secret !== undefined)];
  }

  /** Everything that the platform consists of, and its pods. */
  async objects(place: Place): Promise<LiveObject[]> {
    const lists = await Promise.all(
      [...ownedKinds, Pods].map((kind: ResourceKind) =>
        this.attempt(`list ${kind.plural}`, async () => {
          const objects = await listOf(this.#connection, kind, place, this.#signal);
          return objects.map(withoutManagers);
        }),
      ),
    );
    return lists.flatMap((objects) => objects ?? []);
  }

  /** The operators of the cluster, and their pods. */
  async operators(): Promise<{
    readonly deployments: readonly KubeObject[];
    readonly pods: readonly LiveObject<Pod>[];
  }> {
    const selector = `app.kubernetes.io/name=${managedBy}`;
    const { client } = this.#connection;
    const list = async <T extends KubeObject>(kind: ResourceKind<T>): Promise<LiveObject<T>[]> =>
      ((await client.list(kind, { selector, limit: 50 }, this.#signal)).items ?? []) as LiveObject<T>[];
    const deployments = (await this.attempt('list the operator', () => list(Deployments))) ?? [];
    const pods = (await this.attempt('list the pods of the operator', () => list(Pods))) ?? [];
    return { deployments: deployments.map(withoutManagers), pods };
  }

  /** The logs of pods, one by one: of a platform with a hundred pods not all at once in memory. */
  async *logs(pods: readonly Pod[]): AsyncGenerator<{ readonly source: LogSource; readonly text: string }> {
    for (const pod of pods) {
      const all = [...sourcesOf([pod], { workloads: [], previous: false }), ...sourcesOf([pod], { workloads: [], previous: true })]; // prettier-ignore
      const namespace = pod.metadata.namespace ?? '';
      for (const source of uniqueOf(all)) {
        const text = await this.attempt(`log of ${source.pod}/${source.container}`, () => this.#log({ ...source, namespace })); // prettier-ignore
        if (text !== undefined) yield { source, text };
      }
    }
  }

  async #log(source: LogSource & { readonly namespace: string }): Promise<string> {
    const lines: string[] = [];
    for await (const line of readLog(this.#connection.transport, source, LOG_LIMITS, this.#signal)) lines.push(line);
    return lines.map((line) => `${line}\n`).join('');
  }

  /** What `read` returns; undefined, and a note, where it fails. */
  async attempt<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      this.#signal.throwIfAborted();
      this.problems.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  }
}

function uniqueOf(sources: readonly LogSource[]): LogSource[] {
  return [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()];
}

function withoutManagers<T extends KubeObject>(object: T): T {
  const { managedFields: _managedFields, ...metadata } = object.metadata as KubeObject['metadata'] & { managedFields?: unknown }; // prettier-ignore
  return { ...object, metadata };
}
