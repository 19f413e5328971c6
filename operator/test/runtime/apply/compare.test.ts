import { compareFields } from '../../../src/runtime/apply/compare.ts';
import type { KubeObject, LiveObject } from '../../../src/runtime/index.ts';

function aDeployment(spec: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'one', ...metadata }, spec } as KubeObject;
}

function live(object: KubeObject): LiveObject {
  return { ...object, metadata: { ...object.metadata, uid: 'u', resourceVersion: '1' } };
}

function pathsOf(wanted: KubeObject, found: KubeObject, ignore?: readonly string[]): string[] {
  return compareFields(wanted, live(found), ignore).differences.map(({ path }) => path);
}

function inPod(pod: object): object {
  return { template: { spec: pod } };
}

test('what the API server adds is no difference', () => {
  const wanted = aDeployment(inPod({ containers: [{ name: 'app', image: 'a:1', ports: [{ containerPort: 80 }] }] }));
  const found = aDeployment({
    replicas: 1,
    progressDeadlineSeconds: 600,
    ...inPod({
      restartPolicy: 'Always',
      containers: [
        {
          name: 'app',
          image: 'a:1',
          imagePullPolicy: 'Always',
          resources: {},
          ports: [{ containerPort: 80, protocol: 'TCP' }],
        },
      ],
    }),
  });
  expect(pathsOf(wanted, found)).toEqual([]);
});

test('a changed, a missing and a wrongly typed field are differences, each by its path', () => {
  const wanted = aDeployment({
    replicas: 2,
    paused: true,
    ...inPod({ containers: [{ name: 'app', image: 'a:2', args: ['x'] }] }),
  });
  const found = aDeployment({
    replicas: '2',
    ...inPod({ containers: [{ name: 'side' }, { name: 'app', image: 'a:1', args: ['x', 'y'] }] }),
  });
  expect(pathsOf(wanted, found)).toEqual([
    'spec.replicas',
    'spec.paused',
    'spec.template.spec.containers[name=app].image',
    'spec.template.spec.containers[name=app].args',
  ]);
});

test('a container, a variable or a mount that another manager added is not ours to remove', () => {
  const app = { name: 'app', env: [{ name: 'A', value: '1' }], volumeMounts: [{ mountPath: '/a', name: 'v' }] };
  const wanted = aDeployment(inPod({ containers: [app] }));
  const more = {
    ...app,
    env: [{ name: 'B' }, ...app.env],
    volumeMounts: [...app.volumeMounts, { mountPath: '/b', name: 'w' }],
  };
  expect(pathsOf(wanted, aDeployment(inPod({ containers: [{ name: 'sidecar' }, more] })))).toEqual([]);
});

test('one more port in a NetworkPolicy is one more hole, and a difference', () => {
  const policy = (ports: object[]): KubeObject =>
    ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'p' },
      spec: { ingress: [{ ports }] },
    }) as KubeObject;
  expect(pathsOf(policy([{ port: 80 }]), policy([{ port: 80, protocol: 'TCP' }]))).toEqual([]);
  expect(pathsOf(policy([{ port: 80 }]), policy([{ port: 80 }, { port: 22 }]))).toEqual(['spec.ingress[0].ports']);
});

test("one more label in a policy's or a Service's selector changes whom it selects", () => {
  const service = (selector: object): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { selector, ports: [{ port: 80 }] },
    }) as KubeObject;
  expect(pathsOf(service({ app: 'a' }), service({ app: 'a', version: '2' }))).toEqual(['spec.selector.version']);
});

test('ports of a Service are matched by port and protocol, whatever their order', () => {
  const service = (ports: object[]): KubeObject =>
    ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports } }) as KubeObject;
  const wanted = service([
    { port: 53, protocol: 'UDP', name: 'dns' },
    { port: 53, name: 'dns-tcp' },
  ]);
  const found = service([
    { port: 53, protocol: 'TCP', name: 'dns-tcp', targetPort: 53 },
    { port: 53, protocol: 'UDP', name: 'dns', targetPort: 53 },
  ]);
  expect(pathsOf(wanted, found)).toEqual([]);
});

test('quantities are compared as numbers, and only where quantities are', () => {
  const resources = { requests: { cpu: '1000m', memory: '1024Mi' }, limits: { cpu: 2 } };
  const stored = { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2' } };
  const pod = (resource: object, value: string): object =>
    inPod({ containers: [{ name: 'app', resources: resource, env: [{ name: 'V', value }] }] });
  expect(pathsOf(aDeployment(pod(resources, '1000m')), aDeployment(pod(stored, '1')))).toEqual([
    'spec.template.spec.containers[name=app].env[name=V].value',
  ]);
});

test('a zero that the API server drops is no difference, one that means something is', () => {
  const wanted = aDeployment({
    minReadySeconds: 0,
    paused: false,
    ...inPod({
      hostNetwork: false,
      automountServiceAccountToken: false,
      nodeSelector: {},
      tolerations: [],
      volumes: [{ name: 'v', emptyDir: {} }],
    }),
  });
  const found = aDeployment(inPod({ volumes: [{ name: 'v', configMap: { name: 'evil' } }] }));
  expect(pathsOf(wanted, found)).toEqual([
    'spec.template.spec.automountServiceAccountToken',
    'spec.template.spec.volumes[name=v].emptyDir',
  ]);
});

test('labels, annotations, owners and finalizers are compared, further ones left to their owners', () => {
  const owner = { apiVersion: 'v1', kind: 'A', name: 'a', uid: '1' };
  const wanted = aDeployment({}, { labels: { a: '1', b: '2' }, ownerReferences: [owner], finalizers: ['x/y'] });
  const found = aDeployment(
    {},
    { labels: { a: '1', z: '9' }, ownerReferences: [{ ...owner, uid: '2' }, owner], finalizers: ['z/z'] },
  );
  expect(pathsOf(wanted, found)).toEqual(['metadata.labels.b', 'metadata.finalizers']);
});

test('differences at ignored places are told apart, with what was found there', () => {
  const wanted = aDeployment(
    { replicas: 1, ...inPod({ containers: [{ name: 'app', image: 'a:1' }] }) },
    { annotations: { 'a/b': '1' } },
  );
  const found = aDeployment(
    { replicas: 5, ...inPod({ containers: [{ name: 'app', image: 'a:2' }] }) },
    { annotations: { 'a/b': '2' } },
  );
  const ignore = ['spec.replicas', 'spec.template.spec.containers[name=app]', 'metadata.annotations["a/b"]'];
  const { differences, ignored } = compareFields(wanted, live(found), ignore);
  expect(differences).toEqual([]);
  expect(ignored.map(({ path, found: value }) => [path, value])).toEqual([
    ['spec.replicas', 5],
    ['spec.template.spec.containers[name=app].image', 'a:2'],
    ['metadata.annotations["a/b"]', '2'],
  ]);
});

test('status, identity and undefined fields are not wanted', () => {
  const wanted = { ...aDeployment({ replicas: undefined }), status: { replicas: 3 } } as KubeObject;
  expect(pathsOf(wanted, aDeployment({}))).toEqual([]);
});
