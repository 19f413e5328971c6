import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { startControlPlane, type ControlPlane } from './control-plane.ts';

const recordAll = { rules: [{ level: 'Metadata' }], omitStages: ['RequestReceived'] };

describe('a control plane', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane({ auditPolicy: recordAll });
  });
  afterAll(async () => {
    await plane.stop();
  });

  test('makes what a Deployment asks for', async () => {
    const labels = { app: 'a' };
    const pod = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'example.com/c:1' }] } };
    const spec = { replicas: 2, selector: { matchLabels: labels }, template: pod };
    await plane.request('POST', '/apis/apps/v1/namespaces/default/deployments', { metadata: { name: 'a' }, spec });
    await eventually(async () => {
      const { items } = await plane.request<{ items: unknown[] }>('GET', '/api/v1/namespaces/default/pods');
      expect(items).toHaveLength(2);
    });
  });

  test('denies what a service account was not granted, and records that it asked', async () => {
    const kubeconfig = await plane.kubeconfigFor({ namespace: 'default', name: 'default' });
    const { users } = JSON.parse(await readFile(kubeconfig, 'utf8')) as { users: [{ user: { token: string } }] };
    await expect(statusOf(`${plane.url}/api/v1/secrets`, plane.caPem, users[0].user.token)).resolves.toBe(403);
    const username = 'system:serviceaccount:default:default';
    await eventually(async () => {
      const [asked] = (await plane.auditEvents()).filter(({ user }) => user.username === username);
      expect(asked).toMatchObject({ verb: 'list', objectRef: { resource: 'secrets' }, responseStatus: { code: 403 } });
    });
  });

  test('enforces pod security where a namespace asks for it', async () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await plane.request('POST', '/api/v1/namespaces', { metadata: { name: 'strict', labels } });
    await eventually(() => plane.request('GET', '/api/v1/namespaces/strict/serviceaccounts/default'));
    const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'example.com/c:1' }] } };
    await expect(plane.request('POST', '/api/v1/namespaces/strict/pods', pod)).rejects.toThrow(/violates PodSecurity/);
  });

  test('keeps its data when the API server crashes, and answers no one while it is paused', async () => {
    await plane.request('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'kept' } });
    await plane.restartApiServer();
    await expect(plane.request('GET', '/api/v1/namespaces/default/configmaps/kept')).resolves.toBeDefined();
    await plane.pauseApiServer();
    let answered = false;
    const pending = plane.request('GET', '/readyz').then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).toBe(false);
    plane.resumeApiServer();
    await pending;
    expect(answered).toBe(true);
  });
});

/** Tries again for ten seconds. */
async function eventually(succeeds: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      await succeeds();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function statusOf(url: string, ca: string, token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { ca, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}
