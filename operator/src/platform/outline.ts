import type { KubernetesObject, Rendered } from '@genai-platform/cdk8s';

// A thousand platforms and then some; an outline takes about 15 KiB.
const CAPACITY = 2_000;

/** The outline of what each platform became last: which objects there are, without what is in them. */
export class Outlines {
  readonly #byUid = new Map<string, { readonly inputs: string; readonly outline: Rendered }>();

  /** The outline for these inputs; rendered only where the platform's inputs are not those of the last time. */
  of(uid: string, inputs: string, render: () => Rendered): Rendered {
    const known = this.#byUid.get(uid);
    if (known?.inputs === inputs) return known.outline;
    const outline = outlineOf(render());
    this.#byUid.delete(uid); // the newest last, so that the oldest goes first
    this.#byUid.set(uid, { inputs, outline });
    const [oldest] = this.#byUid.keys();
    if (this.#byUid.size > CAPACITY && oldest !== undefined) this.#byUid.delete(oldest);
    return outline;
  }
}

function outlineOf(rendered: Rendered): Rendered {
  const { externalSecrets, secrets, data, migrations, waves, edge } = rendered;
  return {
    ...rendered,
    externalSecrets: externalSecrets.map(header),
    secrets: secrets.map(header),
    data: data.map(header),
    migrations: migrations.map((group) => group.map(header)),
    waves: waves.map((wave) => wave.map((workload) => ({ ...workload, objects: workload.objects.map(header) }))),
    edge: edge.map(header),
  };
}

function header({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels = {} } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels } };
}
