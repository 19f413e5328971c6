import { loadConfig } from '../src/config.ts';

const needed = { PLATFORM_VERSION: '1.2.3' };

test('the version of the platform is all that must be given', () => {
  expect(loadConfig(needed)).toMatchObject({
    platformVersion: '1.2.3',
    logLevel: 'info',
    watchNamespaces: [],
    healthPort: 8080,
    defaultImageRegistry: 'ghcr.io/genai-platform',
    podNamespace: 'default',
    leaderElection: { name: 'genai-operator', durationSeconds: 15, renewDeadlineSeconds: 10, retrySeconds: 2 },
    drainMs: 30_000,
  });
});

test('namespaces are separated by commas, and an empty text means all of them', () => {
  expect(loadConfig({ ...needed, WATCH_NAMESPACES: 'acme, beta' }).watchNamespaces).toEqual(['acme', 'beta']);
  expect(loadConfig({ ...needed, WATCH_NAMESPACES: '' }).watchNamespaces).toEqual([]);
});

test('without election there is no lease', () => {
  expect(loadConfig({ ...needed, LEADER_ELECTION_ENABLED: 'false' }).leaderElection).toBeUndefined();
});

test.each([
  ['no version', {}, 'PLATFORM_VERSION is not set'],
  ['a lease that ends before its holder gives up', { ...needed, LEADER_ELECTION_LEASE_DURATION_SECONDS: '5' }, 'must be shorter than the lease'], // prettier-ignore
  ['a holder that gives up before it tries again', { ...needed, LEADER_ELECTION_RETRY_PERIOD_SECONDS: '10' }, 'must be shorter than the renew deadline'], // prettier-ignore
  ['a namespace that cannot be one', { ...needed, WATCH_NAMESPACES: 'A_B' }, 'must be names of namespaces'],
  ['an endpoint that is none', { ...needed, OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'], // prettier-ignore
])('refuses %s, by name', (_what, environment, words) => {
  expect(() => loadConfig(environment)).toThrow(words);
});

test('the configuration cannot be changed', () => {
  const config = loadConfig(needed);
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.leaderElection)).toBe(true);
});
