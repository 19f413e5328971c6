import type { KubernetesObject } from '@genai-platform/cdk8s';

/** The parts of a container that the tests look at. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly startupProbe?: object;
  readonly livenessProbe?: object;
  readonly readinessProbe?: object;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** A pod template, as in Deployments, StatefulSets and Jobs. */
export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>> & { readonly containers: readonly Container[] };
}

/** An object that makes pods, with their template. */
export interface PodMaker {
  readonly kind: string;
  readonly name: string;
  readonly template: PodTemplate;
}

/** Everything among the objects that makes pods. */
export function podMakers(objects: readonly KubernetesObject[]): PodMaker[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const template = (spec as { template?: PodTemplate } | undefined)?.template;
    return template === undefined ? [] : [{ kind, name: metadata.name, template }];
  });
}

/** The one object of a kind and name. */
export function objectNamed(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return found[0];
}
