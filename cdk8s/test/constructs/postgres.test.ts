import { Postgres } from '../../src/constructs/postgres.ts';
import { podSelector, restrictedContainer, restrictedPod, secretVolume } from '../builders/expected-pod.ts';
import { aPlatform } from '../builders/platform.ts';
import { objectNamed } from '../builders/pods.ts';
import { contextOf, synthesize, workloadLabels } from '../builders/synthesize.ts';

function objectsOf(platform = aPlatform()) {
  const context = contextOf(platform);
  const { database } = context.settings;
  if (database.kind !== 'inCluster') throw new Error('the database is external');
  return synthesize((chart) => new Postgres(chart, 'postgres', { context, server: database }));
}

const folder = '/var/run/secrets/genaiplatform.io';
const exec = { command: ['pg_isready', '--host=127.0.0.1', '--port=5432', '--quiet'] };
const parameters = [
  'hba_file=/etc/genaiplatform.io/postgres/pg_hba.conf',
  'listen_addresses=*',
  'ssl=on',
  `ssl_cert_file=${folder}/tls/tls.crt`,
  `ssl_key_file=${folder}/tls/tls.key`,
  'ssl_min_protocol_version=TLSv1.2',
  'password_encryption=scram-sha-256',
  'max_connections=100',
  'shared_buffers=128MB',
  'effective_cache_size=256MB',
  'maintenance_work_mem=64MB',
];

const container = {
  name: 'postgres',
  image: 'ghcr.io/genai-platform/genai-platform-postgres:17-1',
  imagePullPolicy: 'IfNotPresent',
  args: ['postgres', ...parameters.flatMap((parameter) => ['-c', parameter])],
  ports: [{ name: 'postgres', containerPort: 5432, protocol: 'TCP' }],
  env: [
    { name: 'POSTGRES_DB', value: 'genai' },
    { name: 'POSTGRES_USER', value: 'postgres' },
    { name: 'POSTGRES_PASSWORD_FILE', value: `${folder}/database/password` },
    { name: 'PGDATA', value: '/var/lib/postgresql/data/pgdata' },
  ],
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
  securityContext: restrictedContainer,
  startupProbe: { exec, failureThreshold: 150, periodSeconds: 2, timeoutSeconds: 5 },
  livenessProbe: { exec, failureThreshold: 6, periodSeconds: 15, timeoutSeconds: 10 },
  readinessProbe: { exec, failureThreshold: 3, periodSeconds: 5, timeoutSeconds: 5 },
  volumeMounts: [
    { name: 'data', mountPath: '/var/lib/postgresql/data' },
    { name: 'configuration', mountPath: '/etc/genaiplatform.io/postgres', readOnly: true },
    { name: 'administrator', mountPath: `${folder}/database`, readOnly: true },
    { name: 'tls', mountPath: `${folder}/tls`, readOnly: true },
    { name: 'run', mountPath: '/var/run/postgresql' },
    { name: 'shm', mountPath: '/dev/shm' },
    { name: 'tmp', mountPath: '/tmp' },
  ],
};

test('a minimal database', () => {
  const objects = objectsOf();
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ConfigMap acme-postgres',
    'NetworkPolicy acme-postgres',
    'PersistentVolumeClaim acme-postgres-data',
    'PodDisruptionBudget acme-postgres',
    'Service acme-postgres',
    'StatefulSet acme-postgres',
  ]);
  expect(objectNamed(objects, 'StatefulSet', 'acme-postgres')).toStrictEqual({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      labels: { ...workloadLabels('postgres'), 'app.kubernetes.io/version': '1.4.0' },
      name: 'acme-postgres',
      namespace: 'acme',
    },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      selector: podSelector('postgres'),
      serviceName: 'acme-postgres',
      template: {
        metadata: {
          annotations: { 'genaiplatform.io/checksum': expect.stringMatching(/^[0-9a-f]{32}$/) },
          labels: workloadLabels('postgres'),
        },
        spec: {
          ...restrictedPod(999, 'acme-postgres'),
          containers: [container],
          terminationGracePeriodSeconds: 120,
          volumes: [
            { name: 'data', persistentVolumeClaim: { claimName: 'acme-postgres-data' } },
            { name: 'configuration', configMap: { defaultMode: 0o440, name: 'acme-postgres' } },
            secretVolume('administrator', 'acme-postgres-admin', 'password'),
            secretVolume('tls', 'acme-postgres-tls'),
            { name: 'run', emptyDir: { sizeLimit: '16Mi' } },
            { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '128Mi' } },
            { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
          ],
        },
      },
    },
  });
});

test('the network is let in with TLS and a password alone', () => {
  const lines = 'local all all scram-sha-256\nhostssl all all all scram-sha-256\n';
  expect(objectNamed(objectsOf(), 'ConfigMap', 'acme-postgres')).toMatchObject({ data: { 'pg_hba.conf': lines } });
});

test('memory of the server follows its limit', () => {
  const resources = { limits: { memory: '4Gi' } };
  const objects = objectsOf(aPlatform({ database: { inCluster: { resources } } }));
  expect(JSON.stringify(objects)).toContain('"shared_buffers=1024MB"');
});

test('a larger volume changes the claim and nothing of the StatefulSet', () => {
  const before = objectsOf();
  const after = objectsOf(aPlatform({ database: { inCluster: { storageSize: '50Gi' } } }));
  const changed = after.filter((object, index) => JSON.stringify(object) !== JSON.stringify(before[index]));
  expect(changed.map(({ kind }) => kind)).toEqual(['PersistentVolumeClaim']);
});
