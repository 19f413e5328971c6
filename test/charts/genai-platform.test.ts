import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { supportedKubernetes } from '@genai-platform/crds';
import { parse } from 'yaml';
import { chartPath, helm, refusal, template } from './helm.ts';

const CHART = 'genai-platform';

test('Helm finds nothing to complain about', async () => {
  expect(await helm(['lint', '--strict', chartPath(CHART)])).toContain('0 chart(s) failed');
});

test('by default it is one platform of the dev profile, named after the release', async () => {
  expect(await template(CHART, { namespace: 'acme' })).toMatchSnapshot();
});

test('it supports the versions of Kubernetes that the definition supports', () => {
  const { kubeVersion } = parse(readFileSync(join(chartPath(CHART), 'Chart.yaml'), 'utf8')) as { kubeVersion: string };
  expect(kubeVersion).toBe(supportedKubernetes);
});

test('every field of the specification passes through as it is', async () => {
  const spec = {
    profile: 'production',
    version: '1.4.0',
    services: { search: { autoscaling: { minReplicas: 2, maxReplicas: 8 } }, formatConversion: { enabled: false } },
    database: { external: { host: 'db.example.com', port: 6543, credentialsSecretRef: { name: 'db' } } },
    gateway: { rateLimit: { requestsPerSecond: 1_000_000, burst: 2_000_000 } },
    deletionPolicy: 'Delete',
  };
  const [platform] = await template(CHART, { values: { name: 'other', spec } });
  expect(platform?.metadata.name).toBe('other');
  expect(platform?.['spec']).toEqual(spec);
});

test('a platform may be kept when its release goes', async () => {
  const [platform] = await template(CHART, { values: { keepOnUninstall: true, annotations: { team: 'a' } } });
  expect(platform?.metadata['annotations']).toEqual({ 'helm.sh/resource-policy': 'keep', team: 'a' });
});

test.each([
  ['a profile that does not exist', { profile: 'huge' }, `at '/spec/profile': value must be one of 'beta', 'dev'`],
  ['a field that does not exist', { profile: 'dev', serviceS: {} }, `additional properties 'serviceS' not allowed`],
  [
    'a misspelt field deep inside',
    { profile: 'dev', services: { search: { replica: 1 } } },
    `at '/spec/services/search'`,
  ],
  ['too many replicas', { profile: 'dev', services: { search: { replicas: 101 } } }, 'maximum: got 101, want 100'],
  ['no profile at all', { profile: null }, `missing property 'profile'`],
])('refuses %s before it reaches the cluster', async (_what, spec, words) => {
  expect(await refusal(CHART, { spec })).toContain(words);
});
