import { autoscaler } from '../../src/constructs/autoscaler.ts';
import { clusterService } from '../../src/constructs/cluster-service.ts';
import { disruptionBudget } from '../../src/constructs/disruption-budget.ts';
import { volumeClaim } from '../../src/constructs/volume-claim.ts';
import { synthesize } from '../builders/synthesize.ts';

const metadata = { name: 'acme-a', labels: { a: 'b' } };
const expected = { labels: { a: 'b' }, name: 'acme-a', namespace: 'acme' };
const selector = { 'genaiplatform.io/workload': 'a' };

test('a Service has one named port', () => {
  const objects = synthesize((chart) => clusterService(chart, metadata, selector, { name: 'http', number: 8004 }));
  expect(objects).toStrictEqual([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: expected,
      spec: {
        type: 'ClusterIP',
        selector,
        ports: [{ name: 'http', port: 8004, protocol: 'TCP', targetPort: 'http' }],
      },
    },
  ]);
});

test('a disruption budget lets one pod go, and every pod that is not ready', () => {
  expect(synthesize((chart) => disruptionBudget(chart, metadata, selector))).toStrictEqual([
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: expected,
      spec: { maxUnavailable: 1, selector: { matchLabels: selector }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    },
  ]);
});

test('an autoscaler scales the Deployment of its name by processor time', () => {
  const replicas = { kind: 'autoscaled', min: 1, max: 4, targetCpuPercent: 80 } as const;
  expect(synthesize((chart) => autoscaler(chart, metadata, replicas))).toStrictEqual([
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: expected,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'acme-a' },
        minReplicas: 1,
        maxReplicas: 4,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    },
  ]);
});

describe('a volume', () => {
  const server = {
    kind: 'inCluster',
    storageSize: '5Gi',
    resources: { requests: {}, limits: {} },
    scheduling: {},
  } as const;
  const claim = (more: object) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: expected,
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } }, ...more },
  });

  test("is of the cluster's storage class unless one is named", () => {
    expect(synthesize((chart) => volumeClaim(chart, metadata, server))).toStrictEqual([claim({})]);
  });

  test('is of the named storage class', () => {
    const named = { ...server, storageClassName: 'fast' };
    expect(synthesize((chart) => volumeClaim(chart, metadata, named))).toStrictEqual([
      claim({ storageClassName: 'fast' }),
    ]);
  });
});
