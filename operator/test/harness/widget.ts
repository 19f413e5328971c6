import type { Condition, KubeObject, ResourceKind } from '../../src/runtime/index.ts';
import type { ControlPlane } from '../../../test/harness/control-plane.ts';

/** A kind that exists only in tests, with all that the runtime expects of one. */
export interface Widget extends KubeObject {
  readonly spec: { readonly size?: number; readonly color?: string };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
    readonly painted?: string;
  };
}

export const widgets: ResourceKind<Widget> = {
  group: 'test.example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
};

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export const configMaps: ResourceKind<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};

export interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export const secrets: ResourceKind<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
};

export function aWidget(
  name: string,
  overrides: { readonly namespace?: string; readonly spec?: Widget['spec'] } = {},
): Widget {
  const { namespace = 'default', spec = { size: 1 } } = overrides;
  return { apiVersion: 'test.example.com/v1', kind: 'Widget', metadata: { name, namespace }, spec };
}

const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const condition = { ...anything, properties: { type: { type: 'string' } }, required: ['type'] };

const status = {
  ...anything,
  properties: {
    conditions: {
      type: 'array',
      items: condition,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
  },
};

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.test.example.com' },
  spec: {
    group: 'test.example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: anything, status } } },
      },
    ],
  },
};

/** Installs the kind and waits until it is served. */
export async function installWidgets(plane: Pick<ControlPlane, 'request'>): Promise<void> {
  await plane.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  for (;;) {
    try {
      await plane.request('GET', '/apis/test.example.com/v1/widgets');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
