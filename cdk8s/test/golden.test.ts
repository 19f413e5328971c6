import type { KubernetesObject, PlatformInput } from '@genai-platform/cdk8s';
import { objectsOf, render } from '@genai-platform/cdk8s';
import { stringify } from 'yaml';
import { examples } from './builders/examples.ts';
import { golden } from './builders/golden.ts';
import { observedFor } from './builders/platform.ts';

const objectsFor = (platform: PlatformInput) => objectsOf(render(platform, observedFor(platform)));

describe('a change of what a platform becomes is seen', () => {
  test.each(Object.entries(examples))('%s', (name, platform) => {
    const text = objectsFor(platform)
      .map((object) => stringify(object, { lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false }))
      .join('---\n');
    expect(text).toBe(golden(`${name}.yaml`, text));
  });
});

/**
 * What the API server never lets change, or what data and clients hang on. A line that changes here breaks every
 * platform that exists: its Deployments can no longer be updated, its volumes are no longer found.
 */
test('what must never change does not', () => {
  const lines = Object.entries(examples).flatMap(([name, platform]) =>
    objectsFor(platform).flatMap((object) => identityOf(object).map((line) => `${name}: ${line}`)),
  );
  const text = `${lines.join('\n')}\n`;
  expect(text).toBe(golden('never-changes.txt', text));
});

interface Spec {
  readonly selector?: { readonly matchLabels?: object };
  readonly serviceName?: string;
  readonly accessModes?: readonly string[];
  readonly storageClassName?: string;
  readonly ports?: readonly { readonly name: string; readonly port: number }[];
  readonly template?: { readonly spec: { readonly volumes: readonly Volume[] } };
}

interface Volume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

const identities: Readonly<Record<string, (spec: Spec, object: KubernetesObject) => string>> = {
  Deployment: ({ selector }) => `selects ${JSON.stringify(selector?.matchLabels)}`,
  StatefulSet: ({ selector, serviceName, template }) => {
    const claims = template?.spec.volumes.flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
    return `selects ${JSON.stringify(selector?.matchLabels)}, served by ${serviceName}, stores in ${claims?.join()}`;
  },
  PersistentVolumeClaim: ({ accessModes, storageClassName = '(default)' }) =>
    `is ${accessModes?.join()} of class ${storageClassName}`,
  Service: ({ ports }) => `has ${ports?.map(({ name, port }) => `${name} ${port}`).join()}`,
  Secret: (_spec, object) => `has ${Object.keys(object['data'] as object).join()}`,
};

function identityOf(object: KubernetesObject): string[] {
  const describe = identities[object.kind];
  return describe ? [`${object.kind} ${object.metadata.name} ${describe(object['spec'] ?? {}, object)}`] : [];
}
