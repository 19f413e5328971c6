import { catalogue } from '@genai-platform/cdk8s';
import {
  cluster,
  eventually,
  get,
  isReady,
  kubectl,
  patchSpec,
  platformUntil,
  request,
  requestJson,
} from './harness/cluster.ts';

interface Pods {
  items: {
    metadata: { name: string; uid: string; deletionTimestamp?: string; labels: Record<string, string> };
    status: { phase: string; containerStatuses?: { restartCount: number }[] };
  }[];
}

/**
 * What a restart would change, by the pod's identity: the revision of the template it was made from, and restarts of its
 * containers. Only of pods that are to stay: what is going already goes, with whichever operator.
 */
async function podRevisions(): Promise<Map<string, { revision: string | undefined; restarts: number }>> {
  const { items } = await get<Pods>('pods', '-l', 'genaiplatform.io/platform=acme');
  const staying = items.filter(
    ({ metadata, status }) => status.phase === 'Running' && metadata.deletionTimestamp === undefined,
  );
  return new Map(
    staying.map(({ metadata: { uid, labels }, status: { containerStatuses = [] } }) => [
      uid,
      {
        revision: labels['pod-template-hash'] ?? labels['controller-revision-hash'],
        restarts: containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
      },
    ]),
  );
}

const search = async (q: string): Promise<string[]> => {
  const response = await requestJson('POST', '/v1/search/indexes/e2e/search', { q });
  expect(response.status).toBe(200);
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
};

describe('a platform on a real cluster', () => {
  test('says at a glance that it is ready, in which version', async () => {
    const printed = await kubectl('get', 'genai', '-A');
    expect(printed).toMatch(/^NAMESPACE\s+NAME\s+PROFILE\s+VERSION\s+READY\s+STATUS\s+SERVICES\s+AGE/);
    expect(printed).toMatch(
      new RegExp(`acme\\s+acme\\s+dev\\s+${cluster.version}\\s+True\\s.*${catalogue.length}/${catalogue.length}`),
    );
    await kubectl('-n', 'acme', 'wait', '--for=condition=Ready', 'genaiplatform/acme', '--timeout=5s');
  });

  test('runs under restricted pod security, with nothing crashing', async () => {
    const { items } = await get<Pods>('pods');
    const running = items.filter(({ status }) => status.phase === 'Running');
    expect(running.length).toBeGreaterThanOrEqual(5);
    const restarted = running.filter(({ status }) =>
      status.containerStatuses?.some(({ restartCount }) => restartCount > 0),
    );
    expect(restarted.map(({ metadata }) => metadata.name)).toEqual([]);
  });

  test('keeps everything it was asked to keep to itself', async () => {
    expect((await fetch(`${cluster.gatewayUrl}/v1/services`)).status).toBe(401);
    const services = await request('/v1/services');
    const { data } = (await services.json()) as { data: { name: string; status: string }[] };
    expect(data.map(({ name, status }) => `${name} ${status}`).sort()).toEqual(
      catalogue
        .filter(({ name }) => name !== 'gateway')
        .map(({ name }) => `${name} ready`)
        .sort(),
    );
  });

  test('names what is wrong with a malformed document', async () => {
    const form = new FormData();
    form.set('to', 'md');
    form.set('from', 'docx');
    form.set('file', new Blob([new Uint8Array([0x50, 0x4b, 3, 4, 1, 2, 3])]), 'broken.docx');
    const response = await request('/v1/convert', { method: 'POST', body: form });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  test('scales by real measurements', async () => {
    await eventually(async () => {
      const { items } = await get<{ items: { status: { currentMetrics?: unknown[] } }[] }>('hpa');
      expect(items.length).toBe(catalogue.length);
      for (const { status } of items) expect(status.currentMetrics).toHaveLength(1);
    });
  });

  test('refuses an invalid change with a sentence about the field', async () => {
    const patch = patchSpec({ gateway: { replicas: 2, autoscaling: { minReplicas: 1 } } });
    await expect(patch).rejects.toThrow(/spec\.gateway.*(replicas|autoscaling)/s);
  });
});

describe('while things go wrong', () => {
  beforeAll(async () => {
    await requestJson('PUT', '/v1/search/indexes/e2e', { fields: { body: { type: 'text' } } });
    const body = '{"id":"kept","fields":{"body":"a document that must survive everything"}}\n';
    await request('/v1/search/indexes/e2e/documents', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
    });
    expect(await search('survive')).toEqual(['kept']);
  });

  test('an image that does not exist is named in a condition, and the old pods keep answering', async () => {
    await patchSpec({ images: { overrides: { search: { tag: 'no-such-tag' } } } });
    const { status } = await platformUntil((platform) =>
      (platform.status?.workloads ?? []).some(({ message }) => message?.includes('no-such-tag') ?? false),
    );
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready?.status).toBe('False');
    expect(await search('survive')).toEqual(['kept']);
    await kubectl(
      '-n',
      'acme',
      'patch',
      'genaiplatform',
      'acme',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/spec/images"}]',
    );
    await platformUntil(isReady);
  });

  test('what somebody deletes or edits comes back', async () => {
    const before = await get<{ metadata: { uid: string } }>('service', 'acme-search');
    await kubectl('-n', 'acme', 'delete', 'service', 'acme-search');
    await eventually(async () => {
      const now = await get<{ metadata: { uid: string } }>('service', 'acme-search');
      expect(now.metadata.uid).not.toBe(before.metadata.uid);
    }, 30);
    await kubectl('-n', 'acme', 'set', 'image', 'deployment/acme-gateway', '*=example.invalid/other:1');
    await eventually(async () => {
      const { spec } = await get<{ spec: { template: { spec: { containers: { image: string }[] } } } }>(
        'deployment',
        'acme-gateway',
      );
      expect(spec.template.spec.containers[0]?.image).toContain(cluster.version);
    }, 30);
    await platformUntil(isReady);
    await eventually(async () => expect(await search('survive')).toEqual(['kept']), 30);
  });

  test('a new operator restarts no pod of the platform', async () => {
    const before = await podRevisions();
    await kubectl('-n', 'genai-system', 'rollout', 'restart', 'deployment/genai-operator');
    await kubectl('-n', 'genai-system', 'rollout', 'status', 'deployment/genai-operator', '--timeout=180s');
    await platformUntil(isReady);
    const after = await podRevisions();
    const revisions = (pods: typeof after): Set<string | undefined> =>
      new Set([...pods.values()].map(({ revision }) => revision));
    // An autoscaler may take a pod away, or add one, in the meantime: of the same template.
    expect(revisions(after)).toEqual(revisions(before));
    expect(before.size).toBeGreaterThanOrEqual(catalogue.length);
    // It never takes the last one: of each template a pod is the one that it was.
    const stayed = new Map([...after].filter(([uid]) => before.has(uid)));
    expect(revisions(stayed)).toEqual(revisions(before));
    for (const [uid, pod] of stayed) expect(pod).toEqual(before.get(uid));
  });

  test('a deleted platform leaves its data, and one of the same name takes them up again', async () => {
    await kubectl('-n', 'acme', 'delete', 'genaiplatform', 'acme', '--timeout=180s');
    const claims = await get<{ items: { metadata: { name: string } }[] }>('pvc');
    expect(claims.items.length).toBeGreaterThanOrEqual(1);
    await kubectl('apply', '-f', 'hack/sample/platform.yaml');
    await platformUntil(isReady, 300);
    await eventually(async () => expect(await search('survive')).toEqual(['kept']), 60);
  });
});
