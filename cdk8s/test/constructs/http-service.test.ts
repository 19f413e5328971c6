import { HttpService } from '../../src/constructs/http-service.ts';
import { aPlatform } from '../builders/platform.ts';
import { objectNamed } from '../builders/pods.ts';
import { contextOf, synthesize, workloadLabels } from '../builders/synthesize.ts';

function objectsOf(platform = aPlatform()) {
  const context = contextOf(platform);
  const workload = context.settings.workloads.find(({ entry }) => entry.name === 'search');
  if (workload === undefined) throw new Error('search is not in the catalogue');
  return synthesize((chart) => new HttpService(chart, 'search', { context, workload }));
}

const matchLabels = { 'genaiplatform.io/platform': 'acme', 'genaiplatform.io/workload': 'search' };
const folder = '/var/run/secrets/genaiplatform.io';
const get = (path: string) => ({ httpGet: { path, port: 'http' } });
const spread = (topologyKey: string) => ({
  labelSelector: { matchLabels },
  matchLabelKeys: ['pod-template-hash'],
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: 'ScheduleAnyway',
});

const container = {
  name: 'search',
  image: 'ghcr.io/genai-platform/genai-platform-search:1.4.0',
  imagePullPolicy: 'IfNotPresent',
  args: ['serve'],
  ports: [{ name: 'http', containerPort: 8004, protocol: 'TCP' }],
  env: [
    { name: 'SERVICE_NAME', value: 'search' },
    { name: 'SERVICE_VERSION', value: '1.4.0' },
    { name: 'HTTP_HOST', value: '0.0.0.0' },
    { name: 'HTTP_PORT', value: '8004' },
    { name: 'SHUTDOWN_DRAIN_DELAY_SECONDS', value: '5' },
    { name: 'SHUTDOWN_GRACE_SECONDS', value: '30' },
    { name: 'IDENTITY_KEY_FILE', value: `${folder}/identity/key` },
    { name: 'DATABASE_HOST', value: 'acme-postgres.acme.svc' },
    { name: 'DATABASE_PORT', value: '5432' },
    { name: 'DATABASE_NAME', value: 'genai' },
    { name: 'DATABASE_SCHEMA', value: 'search' },
    { name: 'DATABASE_POOL_MAX', value: '3' },
    { name: 'DATABASE_CREDENTIALS_DIR', value: `${folder}/database` },
    { name: 'DATABASE_TLS_MODE', value: 'verify-full' },
    { name: 'DATABASE_TLS_CA_FILE', value: `${folder}/database-ca/ca.crt` },
  ],
  resources: { requests: { cpu: '100m', memory: '192Mi' }, limits: { cpu: '1', memory: '768Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  },
  startupProbe: { ...get('/livez'), failureThreshold: 60, periodSeconds: 1, timeoutSeconds: 2 },
  livenessProbe: { ...get('/livez'), failureThreshold: 6, periodSeconds: 10, timeoutSeconds: 5 },
  readinessProbe: { ...get('/readyz'), failureThreshold: 2, periodSeconds: 5, timeoutSeconds: 3 },
  volumeMounts: [
    { name: 'identity', mountPath: `${folder}/identity`, readOnly: true },
    { name: 'database', mountPath: `${folder}/database`, readOnly: true },
    { name: 'database-ca', mountPath: `${folder}/database-ca`, readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
  ],
};

test('a minimal workload', () => {
  const objects = objectsOf();
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Deployment acme-search',
    'HorizontalPodAutoscaler acme-search',
    'NetworkPolicy acme-search',
    'PodDisruptionBudget acme-search',
    'Service acme-search',
  ]);
  const labels = { ...workloadLabels('search'), 'app.kubernetes.io/version': '1.4.0' };
  expect(objects[0]).toStrictEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      annotations: { 'genaiplatform.io/revision': expect.stringMatching(/^[0-9a-f]{10}$/) },
      labels,
      name: 'acme-search',
      namespace: 'acme',
    },
    spec: {
      minReadySeconds: 3,
      progressDeadlineSeconds: 300,
      revisionHistoryLimit: 3,
      selector: { matchLabels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: {
          annotations: { 'genaiplatform.io/checksum': expect.stringMatching(/^[0-9a-f]{32}$/) },
          labels: workloadLabels('search'),
        },
        spec: {
          automountServiceAccountToken: false,
          containers: [container],
          enableServiceLinks: false,
          securityContext: {
            fsGroup: 65_532,
            fsGroupChangePolicy: 'OnRootMismatch',
            runAsGroup: 65_532,
            runAsNonRoot: true,
            runAsUser: 65_532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          serviceAccountName: 'acme-search',
          terminationGracePeriodSeconds: 40,
          topologySpreadConstraints: [spread('kubernetes.io/hostname'), spread('topology.kubernetes.io/zone')],
          volumes: [
            { name: 'identity', secret: { defaultMode: 0o440, secretName: 'acme-identity' } },
            {
              name: 'database',
              secret: {
                defaultMode: 0o440,
                items: [
                  { key: 'password', path: 'password' },
                  { key: 'username', path: 'username' },
                ],
                secretName: 'acme-database-search',
              },
            },
            { name: 'database-ca', configMap: { defaultMode: 0o440, name: 'acme-ca-bundle' } },
            { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
          ],
        },
      },
    },
  });
});

test('a fixed number of pods has no autoscaler', () => {
  const objects = objectsOf(aPlatform({ services: { search: { replicas: 3 } } }));
  expect(objects.map(({ kind }) => kind)).not.toContain('HorizontalPodAutoscaler');
  expect(objectNamed(objects, 'Deployment', 'acme-search')).toMatchObject({ spec: { replicas: 3 } });
});

test("settings of the user's reach the pod", () => {
  const affinity = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'a' } } },
      ],
    },
  };
  const env = [
    { name: 'B', value: '2' },
    { name: 'A', valueFrom: { secretKeyRef: { name: 'settings', key: 'a' } } },
  ];
  const platform = aPlatform({
    images: { pullSecrets: [{ name: 'registry' }], pullPolicy: 'Always' },
    services: {
      search: {
        env,
        affinity,
        nodeSelector: { disk: 'ssd' },
        tolerations: [{ key: 'gpu', operator: 'Exists' }],
        priorityClassName: 'high',
        annotations: { 'example.com/team': 'search' },
      },
    },
  });
  expect(objectNamed(objectsOf(platform), 'Deployment', 'acme-search')).toMatchObject({
    spec: {
      template: {
        metadata: { annotations: { 'example.com/team': 'search' } },
        spec: {
          affinity,
          imagePullSecrets: [{ name: 'registry' }],
          nodeSelector: { disk: 'ssd' },
          priorityClassName: 'high',
          tolerations: [{ key: 'gpu', operator: 'Exists' }],
          containers: [{ imagePullPolicy: 'Always', env: [...container.env, env[1], env[0]] }],
        },
      },
    },
  });
});

test('an image can be from elsewhere, and pinned', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const imageOf = (images: NonNullable<Parameters<typeof aPlatform>[0]>['images']) => {
    const deployment = objectNamed(objectsOf(aPlatform({ images })), 'Deployment', 'acme-search');
    return (deployment as unknown as { spec: { template: { spec: { containers: [{ image: string }] } } } }).spec
      .template.spec.containers[0].image;
  };
  expect(imageOf({ registry: 'r.example.com/m' })).toBe('r.example.com/m/genai-platform-search:1.4.0');
  expect(imageOf({ overrides: { search: { tag: 'fix' } } })).toBe('ghcr.io/genai-platform/genai-platform-search:fix');
  expect(imageOf({ registry: 'r', overrides: { search: { repository: 'other/search', digest } } })).toBe(
    `other/search@${digest}`,
  );
});
