import { startGateway } from './harness/start-gateway.ts';
import type { TestGateway } from './harness/start-gateway.ts';
import { startUpstream } from './harness/upstream-service.ts';
import type { UpstreamService } from './harness/upstream-service.ts';

const documentOf = (path: string): object => ({
  openapi: '3.1.1',
  info: { title: path, version: '1' },
  paths: {
    [path]: {
      get: {
        operationId: 'list',
        responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } } } },
      },
    },
  },
  components: { schemas: { Item: { type: 'object', title: path } }, securitySchemes: { other: { type: 'http' } } },
});

let upstreams: UpstreamService[];
let gateway: TestGateway;

beforeAll(async () => {
  const service = (name: string, ready: boolean): Promise<UpstreamService> =>
    startUpstream((req, res) => {
      const checks = [{ name: 'database', ok: ready, ...(ready ? {} : { reason: 'connection refused' }) }];
      if (req.url === '/readyz') res.writeHead(ready ? 200 : 503).end(JSON.stringify({ status: 'x', checks }));
      else res.end(JSON.stringify(documentOf(`/v1/${name}/items`)));
    });
  upstreams = [await service('one', true), await service('two', false), await startUpstream((_req, res) => res.end())];
  const [one, two, three] = upstreams as [UpstreamService, UpstreamService, UpstreamService];
  await three.close();
  gateway = await startGateway(
    { one: one.url, two: two.url, three: three.url },
    { GATEWAY_CORS_ORIGINS: 'https://app.example.com' },
  );
});

afterAll(async () => {
  await gateway.close();
  await Promise.all(upstreams.slice(0, 2).map((upstream) => upstream.close()));
});

test('lists the services with their health', async () => {
  const response = await gateway.fetch('/v1/services');
  expect(await response.json()).toEqual({
    object: 'list',
    data: [
      { object: 'service', name: 'one', prefixes: ['/v1/one'], status: 'ready', failing: [] },
      { object: 'service', name: 'two', prefixes: ['/v1/two'], status: 'unready', failing: ['database'] },
      { object: 'service', name: 'three', prefixes: ['/v1/three'], status: 'unreachable', failing: [] },
    ],
  });
  expect((await fetch(`${gateway.url}/v1/services`)).status).toBe(401);
});

test('describes all services that answer in one document, each with names of its own', async () => {
  const document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as {
    paths: Record<string, { get: { operationId: string; tags: string[]; responses: object } }>;
    components: { schemas: Record<string, object>; securitySchemes: object };
  };
  expect(Object.keys(document.paths).sort()).toEqual(['/v1/one/items', '/v1/services', '/v1/two/items']);
  expect(document.paths['/v1/one/items']?.get).toMatchObject({ operationId: 'one.list', tags: ['one'] });
  expect(JSON.stringify(document.paths['/v1/two/items'])).toContain('#/components/schemas/two.Item');
  expect(document.components.schemas).toMatchObject({
    'one.Item': { title: '/v1/one/items' },
    Problem: expect.anything(),
  });
  expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer']);
});

test('lets scripts of the configured origin call, and no others', async () => {
  const preflight = (origin: string): Promise<Response> =>
    fetch(`${gateway.url}/v1/one/items`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  const allowed = await preflight('https://app.example.com');
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(allowed.headers.get('access-control-allow-headers')).toBe('authorization');
  expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
});

test('sends security headers with its own replies and with those of services', async () => {
  for (const path of ['/v1/services', '/v1/one/items']) {
    const { headers } = await gateway.fetch(path);
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  }
});
