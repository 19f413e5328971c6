import { render } from '@genai-platform/cdk8s';
import { restrictedContainer, restrictedPod, secretVolume } from '../builders/expected-pod.ts';
import { aPlatform, observedFor } from '../builders/platform.ts';
import { workloadLabels } from '../builders/synthesize.ts';

const { metadata, spec } = aPlatform({
  auth: { enabled: false },
  services: { formatConversion: { enabled: false }, rag: { enabled: false }, llmRouter: { enabled: false } },
});
const platform = { metadata: { name: metadata.name, namespace: metadata.namespace }, spec };
const [setup = [], migrations = []] = render(platform, observedFor(platform)).migrations;
const folder = '/var/run/secrets/genaiplatform.io';

test('the database is prepared as its administrator, from a plan', () => {
  const [plan, job, policy] = setup;
  expect(setup).toHaveLength(3);
  expect(policy).toMatchObject({ kind: 'NetworkPolicy', metadata: { name: 'acme-database-setup' } });
  const { data } = plan as unknown as { data: Record<string, string> };
  expect(JSON.parse(data['setup.json'] ?? '')).toStrictEqual({
    extensions: ['vector'],
    schemas: [{ name: 'search', owner: 'search', login: 'search_g1' }],
  });
  expect(job).toStrictEqual({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      labels: workloadLabels('database-setup'),
      name: expect.stringMatching(/^acme-database-setup-[0-9a-f]{8}$/),
      namespace: 'acme',
    },
    spec: {
      activeDeadlineSeconds: 900,
      backoffLimit: 2,
      template: {
        metadata: {
          annotations: { 'genaiplatform.io/checksum': expect.stringMatching(/^[0-9a-f]{32}$/) },
          labels: workloadLabels('database-setup'),
        },
        spec: {
          ...restrictedPod(65_532, 'acme-database-setup'),
          containers: [
            {
              name: 'database-setup',
              image: 'ghcr.io/genai-platform/genai-platform-database-setup:1.4.0',
              imagePullPolicy: 'IfNotPresent',
              env: [
                { name: 'SERVICE_NAME', value: 'database-setup' },
                { name: 'SERVICE_VERSION', value: '1.4.0' },
                { name: 'DATABASE_HOST', value: 'acme-postgres.acme.svc' },
                { name: 'DATABASE_PORT', value: '5432' },
                { name: 'DATABASE_NAME', value: 'genai' },
                { name: 'DATABASE_CREDENTIALS_DIR', value: `${folder}/database` },
                { name: 'DATABASE_TLS_MODE', value: 'verify-full' },
                { name: 'DATABASE_TLS_CA_FILE', value: `${folder}/database-ca/ca.crt` },
                { name: 'DATABASE_SETUP_FILE', value: '/etc/genaiplatform.io/database-setup/setup.json' },
                { name: 'DATABASE_LOGINS_DIR', value: `${folder}/logins` },
              ],
              resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
              securityContext: restrictedContainer,
              volumeMounts: [
                { name: 'database', mountPath: `${folder}/database`, readOnly: true },
                { name: 'database-ca', mountPath: `${folder}/database-ca`, readOnly: true },
                { name: 'setup', mountPath: '/etc/genaiplatform.io/database-setup', readOnly: true },
                { name: 'login-search', mountPath: `${folder}/logins/search_g1`, readOnly: true },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            },
          ],
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 30,
          volumes: [
            secretVolume('database', 'acme-postgres-admin', 'password', 'username'),
            { name: 'database-ca', configMap: { defaultMode: 0o440, name: 'acme-ca-bundle' } },
            { name: 'setup', configMap: { defaultMode: 0o440, name: 'acme-database-setup' } },
            secretVolume('login-search', 'acme-database-search', 'password'),
            { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
          ],
        },
      },
    },
  });
});

test('a service migrates its own schema with its own image and login', () => {
  expect(migrations[0]).toMatchObject({
    kind: 'Job',
    metadata: { name: expect.stringMatching(/^acme-search-migrate-[0-9a-f]{8}$/) },
    spec: {
      template: {
        spec: {
          serviceAccountName: 'acme-search',
          restartPolicy: 'Never',
          containers: [
            {
              args: ['migrate'],
              image: 'ghcr.io/genai-platform/genai-platform-search:1.4.0',
              env: expect.arrayContaining([{ name: 'DATABASE_SCHEMA', value: 'search' }]),
            },
          ],
        },
      },
    },
  });
});

test('a failed migration keeps its pods, and a finished Job stays', () => {
  for (const job of [...setup, ...migrations].filter(({ kind }) => kind === 'Job')) {
    expect(job).not.toHaveProperty('spec.ttlSecondsAfterFinished');
    expect(job).toHaveProperty('spec.template.spec.restartPolicy', 'Never');
  }
});
