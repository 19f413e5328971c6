import { createHash } from 'node:crypto';
import { accessList } from '../../src/access-list.ts';
import { Valkey } from '../../src/constructs/valkey.ts';
import { podSelector, restrictedContainer, restrictedPod, secretVolume } from '../builders/expected-pod.ts';
import { objectNamed } from '../builders/pods.ts';
import { contextOf, synthesize, workloadLabels } from '../builders/synthesize.ts';

const context = contextOf();
const { cache } = context.settings;
if (cache.kind !== 'inCluster') throw new Error('the cache is external');
const objects = synthesize((chart) => new Valkey(chart, 'valkey', { context, server: cache }));

const folder = '/var/run/secrets/genaiplatform.io';
const ping = `valkey-cli --tls --cacert ${folder}/tls/ca.crt -p 6379 --user probe --pass any --no-auth-warning ping`;
const exec = { command: ['sh', '-c', `test "$(${ping})" = PONG`] };
const call = (command: string): string => ping.replace(/ping$/, command);
/** The list of users is read again when its file is newer than the mark of the last time. */
const reload = {
  command: [
    'sh',
    '-c',
    `list=${folder}/acl/users.acl; mark=/tmp/acl; if [ ! -e $mark ] || [ "$list" -nt $mark ]; then ` +
      `touch $mark.new && test "$(${call('acl load')})" = OK && mv $mark.new $mark; fi; test "$(${ping})" = PONG`,
  ],
};

const container = {
  name: 'cache',
  image: 'ghcr.io/genai-platform/genai-platform-valkey:8-1',
  imagePullPolicy: 'IfNotPresent',
  args: ['/etc/valkey/valkey.conf'],
  ports: [{ name: 'redis', containerPort: 6379, protocol: 'TCP' }],
  resources: { requests: { cpu: '25m', memory: '64Mi' }, limits: { cpu: '500m', memory: '128Mi' } },
  securityContext: restrictedContainer,
  startupProbe: { exec, failureThreshold: 60, periodSeconds: 2, timeoutSeconds: 5 },
  livenessProbe: { exec, failureThreshold: 6, periodSeconds: 15, timeoutSeconds: 10 },
  readinessProbe: { exec: reload, failureThreshold: 3, periodSeconds: 5, timeoutSeconds: 5 },
  volumeMounts: [
    { name: 'data', mountPath: '/data' },
    { name: 'configuration', mountPath: '/etc/valkey', readOnly: true },
    { name: 'acl', mountPath: `${folder}/acl`, readOnly: true },
    { name: 'tls', mountPath: `${folder}/tls`, readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
  ],
};

test('a minimal cache', () => {
  expect(objectNamed(objects, 'StatefulSet', 'acme-cache')).toStrictEqual({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      labels: { ...workloadLabels('cache'), 'app.kubernetes.io/version': '1.4.0' },
      name: 'acme-cache',
      namespace: 'acme',
    },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      selector: podSelector('cache'),
      serviceName: 'acme-cache',
      template: {
        metadata: {
          annotations: { 'genaiplatform.io/checksum': expect.stringMatching(/^[0-9a-f]{32}$/) },
          labels: workloadLabels('cache'),
        },
        spec: {
          ...restrictedPod(999, 'acme-cache'),
          containers: [container],
          terminationGracePeriodSeconds: 30,
          volumes: [
            { name: 'data', persistentVolumeClaim: { claimName: 'acme-cache-data' } },
            { name: 'configuration', configMap: { defaultMode: 0o440, name: 'acme-cache' } },
            secretVolume('acl', 'acme-cache-acl'),
            secretVolume('tls', 'acme-cache-tls'),
            { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
          ],
        },
      },
    },
  });
});

test('it speaks TLS alone, and leaves a part of its memory free', () => {
  const { data } = objectNamed(objects, 'ConfigMap', 'acme-cache') as unknown as { data: Record<string, string> };
  const lines = data['valkey.conf']?.split('\n');
  expect(lines).toEqual(expect.arrayContaining(['port 0', 'tls-port 6379', 'maxmemory 76mb', 'appendonly yes']));
});

test('each workload is a user of its own keys, and no password is written', () => {
  const hash = (workload: string): string => {
    const password = context.observed.secrets[`acme-cache-${workload}`]?.['password'] ?? '';
    return createHash('sha256').update(password).digest('hex');
  };
  expect(accessList(context)['users.acl']?.split('\n')).toEqual([
    'user default off',
    'user probe on nopass +ping +acl|load',
    `user gateway on #${hash('gateway')} ~rate:* +@all -@admin -@dangerous +info`,
    `user llm-router on #${hash('llm-router')} ~llm:* +@all -@admin -@dangerous +info`,
    '',
  ]);
});
