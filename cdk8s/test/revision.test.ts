import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { render, revisionOf, withRevision } from '@genai-platform/cdk8s';
import fc from 'fast-check';
import { aPlatform, observedFor } from './builders/platform.ts';
import { randomSpec } from './builders/random-platform.ts';

const release = '1.4.0';
const nameOf = (spec: Partial<GenAIPlatformSpec>): string => revisionOf(aPlatform(spec), release).name;

/** Revisions of the workloads' pods when a platform is rendered. */
function podsOf(spec: GenAIPlatformSpec): string[] {
  const platform = aPlatform(spec);
  const workloads = render(platform, observedFor(platform, { references: {} })).waves.flat();
  return workloads.map(({ name, revision }) => `${name} ${revision}`);
}

test.each<[what: string, spec: Partial<GenAIPlatformSpec>]>([
  ['an image', { images: { overrides: { search: { tag: '2' } } } }],
  ['a version', { version: '1.5.0' }],
  ['a variable', { gateway: { env: [{ name: 'LOG_LEVEL', value: 'debug' }] } }],
  ['resources', { services: { search: { resources: { limits: { memory: '2Gi' } } } } }],
  ['a service that is switched off', { services: { search: { enabled: false } } }],
  ['who may register', { auth: { signUp: 'Closed' } }],
  ['a model', { llm: { routes: [{ model: 'a', targets: [{ provider: 'embedded', model: 'm' }] }] } }],
  ['where traces go', { observability: { otlpEndpoint: 'http://collector:4318' } }],
])('%s makes another revision', (_what, spec) => {
  expect(nameOf(spec)).not.toBe(nameOf({}));
});

test.each<[what: string, spec: Partial<GenAIPlatformSpec>]>([
  ['the number of pods', { services: { search: { replicas: 3 } }, gateway: { autoscaling: { maxReplicas: 9 } } }],
  ['how changes are brought about', { rollout: { paused: true, rollbackPolicy: 'Auto' }, suspend: true }],
  ['what becomes of data', { deletionPolicy: 'Delete' }],
  ['the size of the database', { database: { inCluster: { storageSize: '50Gi' } } }],
  ['a default that is written out', { version: release }],
])('%s makes none', (_what, spec) => {
  expect(nameOf(spec)).toBe(nameOf({}));
});

test('a revision that comes back has the pods that it had, whatever was wanted since', () => {
  fc.assert(
    fc.property(randomSpec, randomSpec, (before, after) => {
      const { profile, ingress, database } = before;
      // Counts, profile, door and kind of database stay as the later spec has them, and pods read their consequences.
      const { ingress: _ingress, database: _database, rollout: _rollout, ...changed } = after;
      const same = { profile, ...(ingress && { ingress }), ...(database && { database }) };
      const wanted: GenAIPlatformSpec = { ...changed, ...same, services: {}, gateway: {}, auth: {} };
      const services = Object.fromEntries(
        Object.entries(before.services ?? {}).map(([name, one]) => [name, uncounted(one)]),
      );
      const earlier: GenAIPlatformSpec = {
        ...before,
        gateway: uncounted(before.gateway),
        auth: uncounted(before.auth),
        services,
      };
      const { content } = revisionOf(aPlatform(earlier), release);
      expect(podsOf(withRevision(wanted, content, { release }))).toEqual(podsOf(earlier));
    }),
    { numRuns: 40 },
  );
});

test('what comes back leaves the number of pods, the way in and the servers of the data alone', () => {
  const good = revisionOf(aPlatform({ version: '1.0.0' }), release);
  const spec: GenAIPlatformSpec = {
    profile: 'production',
    version: '2.0.0',
    ingress: { host: 'ai.example.com' },
    services: { search: { replicas: 7, enabled: false } },
  };
  const back = withRevision(spec, good.content, { release });
  expect(back).toMatchObject({ version: '1.0.0', profile: 'production', ingress: { host: 'ai.example.com' } });
  expect(back.services?.search).toMatchObject({ replicas: 7, enabled: true });
  expect(back.images?.overrides?.postgres).toEqual({ repository: 'ghcr.io/genai-platform/genai-platform-postgres', tag: '17-1' }); // prettier-ignore
  // Sizes of the earlier profile, written out.
  expect(back.services?.search?.resources?.limits).toEqual({ cpu: '1', memory: '768Mi' });
});

test('a cache that moved out of the cluster comes back into it, and an external database is the one of then', () => {
  const external = (host: string) => ({ external: { host, credentialsSecretRef: { name: 'login' } } });
  const inside = revisionOf(aPlatform({ cache: { inCluster: { storageSize: '3Gi' } } }), release);
  expect(withRevision({ profile: 'dev', cache: external('c') }, inside.content, { release }).cache).toEqual({ inCluster: { storageSize: '3Gi' } }); // prettier-ignore
  const first = revisionOf(aPlatform({ database: external('a') }), release);
  expect(withRevision({ profile: 'dev', database: external('b') }, first.content, { release }).database).toEqual(external('a')); // prettier-ignore
});

type Counted = NonNullable<GenAIPlatformSpec['gateway'] | GenAIPlatformSpec['auth']>;

function uncounted<T extends Counted>(workload: T | undefined): Omit<T, 'replicas' | 'autoscaling'> {
  const { replicas: _replicas, autoscaling: _autoscaling, ...rest }: Partial<T> = workload ?? {};
  return rest as Omit<T, 'replicas' | 'autoscaling'>;
}
