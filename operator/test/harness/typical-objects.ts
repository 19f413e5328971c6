import type { KubeObject } from '../../src/runtime/index.ts';

type Fields = Readonly<Record<string, unknown>>;

function object(apiVersion: string, kind: string, name: string, fields: Fields): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: 'default', labels: { app: name } }, ...fields };
}

const container = {
  name: 'app',
  image: 'example.com/app:1',
  args: ['serve'],
  env: [
    { name: 'EMPTY', value: '' },
    { name: 'LEVEL', value: 'info' },
    { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'secret', key: 'password' } } },
    { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  ],
  ports: [
    { name: 'http', containerPort: 8080 },
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
  ],
  resources: {
    requests: { cpu: '1000m', memory: '1024Mi', 'ephemeral-storage': '0.5Gi' },
    limits: { cpu: 2, memory: '2048Mi' },
  },
  livenessProbe: { httpGet: { path: '/livez', port: 'http' }, initialDelaySeconds: 0, periodSeconds: 10 },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  volumeMounts: [
    { name: 'tmp', mountPath: '/tmp', readOnly: false },
    { name: 'all', mountPath: '/all', readOnly: true, subPath: '' },
  ],
};

const pod = {
  automountServiceAccountToken: false,
  hostNetwork: false,
  serviceAccountName: 'account',
  nodeSelector: {},
  tolerations: [{ key: 'a', operator: 'Exists' }],
  affinity: {},
  securityContext: { runAsNonRoot: true, fsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
  imagePullSecrets: [],
  topologySpreadConstraints: [
    {
      topologyKey: 'zone',
      maxSkew: 1,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { app: 'x' } },
    },
  ],
  volumes: [
    { name: 'tmp', emptyDir: { sizeLimit: '0.5Gi' } },
    { name: 'all', projected: { sources: [{ secret: { name: 'secret' } }, { configMap: { name: 'config' } }] } },
  ],
};

function template(name: string, more: Fields = {}): Fields {
  return { metadata: { labels: { app: name }, annotations: {} }, spec: { ...pod, ...more, containers: [container] } };
}

const selector = (name: string): Fields => ({ matchLabels: { app: name } });

/**
 * One object of every kind that operators apply, written as people write them: with zeros, empty lists, and quantities in
 * forms that the API server rewrites.
 */
export const typicalObjects: readonly KubeObject[] = [
  object('v1', 'ConfigMap', 'config', { data: { a: '1', empty: '' }, binaryData: {}, immutable: false }),
  object('v1', 'Secret', 'secret', { type: 'Opaque', data: { password: 'aHVudGVyMg==' } }),
  object('v1', 'ServiceAccount', 'account', { automountServiceAccountToken: false, imagePullSecrets: [] }),
  object('v1', 'Service', 'service', {
    spec: {
      selector: { app: 'x' },
      type: 'ClusterIP',
      publishNotReadyAddresses: false,
      externalIPs: [],
      ports: [
        { name: 'http', port: 80, targetPort: 'http' },
        { name: 'dns', port: 80, protocol: 'UDP' },
      ],
    },
  }),
  object('v1', 'PersistentVolumeClaim', 'claim', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } }, volumeMode: 'Filesystem' },
  }),
  object('apps/v1', 'Deployment', 'deployment', {
    spec: {
      minReadySeconds: 0,
      paused: false,
      revisionHistoryLimit: 0,
      selector: selector('deployment'),
      strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      template: template('deployment'),
    },
  }),
  object('apps/v1', 'StatefulSet', 'stateful', {
    spec: {
      serviceName: 'service',
      replicas: 1,
      selector: selector('stateful'),
      template: template('stateful'),
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
        },
      ],
    },
  }),
  object('batch/v1', 'Job', 'job', {
    spec: { backoffLimit: 0, ttlSecondsAfterFinished: 0, template: template('job', { restartPolicy: 'Never' }) },
  }),
  object('batch/v1', 'CronJob', 'cron', {
    spec: {
      schedule: '0 3 * * *',
      suspend: false,
      jobTemplate: { spec: { template: template('cron', { restartPolicy: 'Never' }) } },
    },
  }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'autoscaler', {
    spec: {
      minReplicas: 1,
      maxReplicas: 4,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'deployment' },
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '1500m' } } },
      ],
      behavior: {
        scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 1, periodSeconds: 300 }] },
      },
    },
  }),
  object('policy/v1', 'PodDisruptionBudget', 'budget', {
    spec: { maxUnavailable: 1, selector: selector('deployment') },
  }),
  object('networking.k8s.io/v1', 'NetworkPolicy', 'policy', {
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: selector('x') }, { namespaceSelector: {} }], ports: [{ port: 'http' }] }],
      egress: [{ to: [], ports: [{ port: 53, protocol: 'UDP' }] }],
    },
  }),
  object('networking.k8s.io/v1', 'Ingress', 'ingress', {
    spec: {
      rules: [
        {
          host: 'a.example.com',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 'service', port: { name: 'http' } } } },
            ],
          },
        },
      ],
      tls: [],
    },
  }),
  object('rbac.authorization.k8s.io/v1', 'Role', 'role', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: [] }],
  }),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'binding', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'role' },
    subjects: [{ kind: 'ServiceAccount', name: 'account', namespace: 'default', apiGroup: '' }],
  }),
];
