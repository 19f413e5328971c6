import { platformLabel, render, objectsOf, workloadLabel } from '@genai-platform/cdk8s';
import { reservedEnvironment } from '@genai-platform/crds';
import fc from 'fast-check';
import { aPlatform, observedFor, secretMark } from './builders/platform.ts';
import { podMakers } from './builders/pods.ts';
import { randomPlatform } from './builders/random-platform.ts';
import { shuffled } from './builders/shuffled.ts';

const runs = { numRuns: 40 };
/** One line per object, so that a failure shows the object that differs. */
const textOf = (objects: readonly object[]): string[] => objects.map((object) => JSON.stringify(object));
const renderAll = (platform: Parameters<typeof render>[0]) => objectsOf(render(platform, observedFor(platform)));

/** Checks a statement on what every random platform becomes. */
function always(
  statement: (objects: ReturnType<typeof renderAll>, platform: Parameters<typeof render>[0]) => void,
): void {
  fc.assert(
    fc.property(randomPlatform, (platform) => {
      statement(renderAll(platform), platform);
    }),
    runs,
  );
}

describe('rendering any valid platform', () => {
  test('gives the same bytes for the same input', () => {
    always((objects, platform) => {
      expect(textOf(renderAll(structuredClone(platform)))).toEqual(textOf(objects));
    });
  });

  test('does not depend on the order of the input', () => {
    always((objects, platform) => {
      const turned = shuffled(platform);
      const observed = shuffled(observedFor(platform));
      expect(textOf(objectsOf(render(turned, observed)))).toEqual(textOf(objects));
    });
  });

  test('does not change its input', () => {
    always((_objects, platform) => {
      const before = JSON.stringify(platform);
      renderAll(platform);
      expect(JSON.stringify(platform)).toBe(before);
    });
  });

  test('names every object once, in at most 63 characters, in the namespace of the platform', () => {
    always((objects, { metadata }) => {
      const names = objects.map((object) => `${object.apiVersion} ${object.kind} ${object.metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
      for (const object of objects) {
        // A Secret from a store has the name that its users are told.
        if (object.kind !== 'ExternalSecret') {
          expect(object.metadata.name).toMatch(new RegExp(`^${metadata.name}-[-a-z0-9]*[a-z0-9]$`));
          expect(object.metadata.name.length).toBeLessThanOrEqual(63);
        }
        expect(object.metadata.namespace).toBe(metadata.namespace);
        expect(object.metadata.labels).toMatchObject({ [platformLabel]: metadata.name });
      }
    });
  });

  test('lets no secret value out of the Secrets', () => {
    always((objects) => {
      const leaks = objects
        .filter(({ kind }) => kind !== 'Secret')
        .filter((object) => JSON.stringify(object).includes(secretMark))
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(leaks).toEqual([]);
    });
  });

  test('gives every container requests, limits and no privilege, and every server its probes', () => {
    always((objects) => {
      for (const { kind, template } of podMakers(objects)) {
        expect(template.spec).toMatchObject({
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        });
        for (const container of template.spec.containers) {
          expect(container.resources.requests).toMatchObject({ cpu: expect.any(String), memory: expect.any(String) });
          expect(container.resources.limits).toMatchObject({ cpu: expect.any(String), memory: expect.any(String) });
          expect(container.securityContext).toStrictEqual({
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          });
          const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
          expect(probes.every((probe) => (kind === 'Job') === (probe === undefined))).toBe(true);
        }
      }
    });
  });

  test('reserves the name of every variable that it sets', () => {
    const { prefixes, names } = reservedEnvironment;
    const isReserved = (name: string): boolean =>
      prefixes.some((prefix) => name.startsWith(prefix)) || (names as readonly string[]).includes(name);
    always((objects) => {
      const set = podMakers(objects)
        .filter(({ kind }) => kind === 'Deployment')
        .flatMap(({ template }) => template.spec.containers.flatMap(({ env = [] }) => env.map(({ name }) => name)))
        .filter((name) => !name.startsWith('SETTING_'));
      expect(set.filter((name) => !isReserved(name))).toEqual([]);
    });
  });

  test('never writes the replicas of a Deployment that an autoscaler scales', () => {
    always((objects) => {
      const scaled = new Set(
        objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler').map((o) => o.metadata.name),
      );
      for (const { metadata, spec } of objects.filter(({ kind }) => kind === 'Deployment')) {
        expect('replicas' in (spec as object)).toBe(!scaled.has(metadata.name));
      }
    });
  });

  test('selects the pods of one workload of one platform', () => {
    always((objects, { metadata }) => {
      for (const { kind, spec } of objects) {
        if (!['Deployment', 'StatefulSet', 'PodDisruptionBudget'].includes(kind)) continue;
        const { selector } = spec as { selector: { matchLabels: Record<string, string> } };
        expect(Object.keys(selector.matchLabels)).toEqual([platformLabel, workloadLabel]);
        expect(selector.matchLabels[platformLabel]).toBe(metadata.name);
      }
    });
  });

  test('grants no right to anyone', () => {
    always((objects) => {
      expect(objects.filter(({ kind }) => /Role/.test(kind))).toEqual([]);
    });
  });
});

test('what goes with the platform is owned by it, and data that is retained is not', () => {
  const platform = aPlatform({ deletionPolicy: 'Retain' });
  const unowned = renderAll(platform).filter(({ metadata }) => metadata.ownerReferences === undefined);
  expect(new Set(unowned.map(({ kind }) => kind))).toEqual(new Set(['PersistentVolumeClaim', 'Secret']));
  expect(unowned.map(({ metadata }) => metadata.name)).not.toContain('acme-cache-acl');
  for (const { metadata } of renderAll(aPlatform({ deletionPolicy: 'Delete' }))) {
    expect(metadata.ownerReferences).toStrictEqual([
      {
        apiVersion: 'genaiplatform.io/v1alpha1',
        controller: true,
        kind: 'GenAIPlatform',
        name: 'acme',
        uid: platform.metadata.uid,
      },
    ]);
  }
});

test('a value that was not generated is an error that names it, and not an empty value', () => {
  const platform = aPlatform();
  const { 'acme-database-search': _, ...secrets } = observedFor(platform).secrets;
  expect(() => render(platform, observedFor(platform, { secrets }))).toThrow(
    'Observed.secrets lacks the key username of the Secret acme-database-search',
  );
});

describe('revisions', () => {
  const revisionsOf = (platform: Parameters<typeof render>[0], observed = observedFor(platform)) => {
    const rendered = render(platform, observed);
    const workloads = rendered.waves.flat().map(({ entry, revision }) => [entry.name, revision]);
    return { platform: rendered.revision, ...Object.fromEntries(workloads) } as Record<string, string>;
  };
  const before = revisionsOf(aPlatform());

  test('of a workload change with its own settings alone', () => {
    const after = revisionsOf(aPlatform({ services: { search: { env: [{ name: 'LOG_LEVEL', value: 'debug' }] } } }));
    expect(after['search']).not.toBe(before['search']);
    expect(after['platform']).not.toBe(before['platform']);
    expect(after['format-conversion']).toBe(before['format-conversion']);
  });

  test('do not change with the number of pods', () => {
    expect(revisionsOf(aPlatform({ services: { search: { autoscaling: { maxReplicas: 3 } } } }))).toEqual(before);
  });

  test('change when a secret that the pods read changes', () => {
    const observed = observedFor(aPlatform());
    const login = { username: 'search_g2', password: 'another' };
    const secrets = { ...observed.secrets, 'acme-database-search': login };
    const after = revisionsOf(aPlatform(), { ...observed, secrets });
    expect(after['search']).not.toBe(before['search']);
    expect(after['format-conversion']).toBe(before['format-conversion']);
  });

  test("change when a Secret of the user's that the pods read changes", () => {
    const env = [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'value' } } }];
    const platform = aPlatform({ services: { search: { env } } });
    const observed = observedFor(platform);
    const changed = { ...observed, references: { 'Secret/token': 'another' } };
    expect(revisionsOf(platform, changed)['search']).not.toBe(revisionsOf(platform, observed)['search']);
  });
});

test('a provider’s key that changes restarts the router alone', () => {
  const platform = aPlatform({
    llm: { providers: [{ name: 'openai', kind: 'OpenAI', credentialsSecretRef: { name: 'openai' } }] },
  });
  const observed = observedFor(platform);
  const changed = { ...observed, references: { ...observed.references, 'Secret/openai': 'another' } };
  const before = render(platform, observed).waves.flat();
  const after = render(platform, changed).waves.flat();
  const restarted = after.filter(
    ({ name, revision }) => before.find((one) => one.name === name)?.revision !== revision,
  );
  expect(restarted.map(({ entry }) => entry.name)).toEqual(['llm-router']);
});

test('without the embedded models the first route is asked whether the router works', () => {
  const models = [{ name: 'gpt' }];
  const platform = aPlatform({
    llm: {
      providers: [{ name: 'openai', kind: 'OpenAI', credentialsSecretRef: { name: 'openai' }, models }],
      routes: [{ model: 'assistant', targets: [{ provider: 'openai', model: 'gpt' }] }],
      embedded: { enabled: false },
    },
  });
  const router = render(platform, observedFor(platform))
    .waves.flat()
    .find(({ entry }) => entry.name === 'llm-router');
  expect(JSON.parse(router?.entry.verification.body ?? '')).toMatchObject({ model: 'assistant' });
});

describe('the stages', () => {
  test('the gateway comes after all that it calls', () => {
    const { waves } = render(aPlatform(), observedFor(aPlatform()));
    expect(waves.map((wave) => wave.map(({ entry }) => entry.name))).toEqual([
      ['auth', 'format-conversion', 'search', 'llm-router'],
      ['rag'],
      ['gateway'],
    ]);
  });

  test('a disabled service is in no stage', () => {
    const platform = aPlatform({ services: { search: { enabled: false } } });
    expect(JSON.stringify(renderAll(platform))).not.toContain('acme-search');
  });

  test('without a service that needs the database there is nothing to migrate', () => {
    const off = { enabled: false };
    const platform = aPlatform({
      auth: off,
      services: { search: off, formatConversion: off, rag: off, llmRouter: off },
    });
    expect(render(platform, observedFor(platform)).migrations).toEqual([]);
  });

  test('an external database and cache leave nothing to run', () => {
    const external = { host: 'data.example.com', credentialsSecretRef: { name: 'admin' } };
    const platform = aPlatform({ database: { external }, cache: { external } });
    expect(render(platform, observedFor(platform)).data).toEqual([]);
  });

  test('the same migration is the same Job, and a new image makes a new one', () => {
    const jobs = (version: string): string[] => {
      const platform = aPlatform({ version });
      const objects = render(platform, observedFor(platform)).migrations.flat();
      return objects.filter(({ kind }) => kind === 'Job').map(({ metadata }) => metadata.name);
    };
    expect(jobs('1.0.0')).toEqual(jobs('1.0.0'));
    expect(jobs('1.0.0').filter((name) => jobs('1.1.0').includes(name))).toEqual([]);
  });
});
