import type { KubernetesObject, PlatformInput } from '@genai-platform/cdk8s';
import { objectsOf, render } from '@genai-platform/cdk8s';
import { stringify } from 'yaml';
import { examples } from './builders/examples.ts';
import { golden } from './builders/golden.ts';
import { observedFor } from './builders/platform.ts';

/** The version whose pod templates are kept; a release that has to restart pods keeps its own in their place. */
const kept = '0.1.0';

const pinned = ({ metadata, spec }: PlatformInput, version: string): PlatformInput => ({
  metadata,
  spec: { ...spec, version },
});

/** What Kubernetes restarts pods by: the templates of all that runs for ever. */
function templates(platform: PlatformInput, release: string): Record<string, unknown> {
  const objects = objectsOf(render(platform, observedFor(platform, { release })));
  const running = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  return Object.fromEntries(
    running.map((object: KubernetesObject) => [
      `${object.kind} ${object.metadata.name}`,
      (object['spec'] as { template: unknown }).template,
    ]),
  );
}

/**
 * This release must render what the one before it rendered, to the byte, or its installation restarts every pod of every
 * platform. Where that is intended, say so in the changelog and write the file anew: `UPDATE_GOLDEN=true`.
 */
test.each(Object.entries(examples))(
  'an upgrade of the operator restarts no pod of a platform: %s',
  (name, platform) => {
    const text = stringify(templates(pinned(platform, kept), kept), {
      lineWidth: 0,
      indentSeq: false,
      aliasDuplicateObjects: false,
    });
    expect(text).toBe(golden(`pods-of-${kept}/${name}.yaml`, text));
  },
);

test.each(Object.entries(examples))('nor does the way back, while the version is pinned: %s', (_name, platform) => {
  expect(templates(pinned(platform, kept), '0.2.0')).toEqual(templates(pinned(platform, kept), '0.0.9'));
});

test.each(Object.entries(examples))(
  'another version of the platform leaves database and cache as they are: %s',
  (_name, platform) => {
    const [before, after] = ['1.0.0', '2.0.0'].map((version) => templates(pinned(platform, version), version));
    const changed = Object.keys(before ?? {}).filter((name) => stringify(before?.[name]) !== stringify(after?.[name]));
    expect(changed.filter((name) => name.startsWith('StatefulSet'))).toEqual([]);
    expect(changed.length).toBeGreaterThan(0);
  },
);
