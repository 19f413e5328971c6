import { mintIdentityToken } from '@genai-platform/common';
import { startGateway } from './harness/start-gateway.ts';
import type { TestGateway } from './harness/start-gateway.ts';
import { startUpstream } from './harness/upstream-service.ts';
import type { UpstreamService } from './harness/upstream-service.ts';

let upstream: UpstreamService;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await startUpstream((_req, res) => res.end('ok'));
  gateway = await startGateway(
    { echo: upstream.url },
    {
      GATEWAY_RATE_LIMIT_PER_SECOND: '0.1',
      GATEWAY_RATE_LIMIT_BURST: '5',
      GATEWAY_ANONYMOUS_RATE_LIMIT_PER_SECOND: '0.1',
      GATEWAY_ANONYMOUS_RATE_LIMIT_BURST: '3',
      GATEWAY_TRUSTED_PROXY_HOPS: '1',
    },
  );
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** Each test is a client of its own, behind the one trusted proxy. */
let address = 0;
beforeEach(() => (address += 1));
const anonymous = (headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}/v1/echo`, { headers: { 'x-forwarded-for': `198.51.100.${String(address)}`, ...headers } });

test('asks a client without credentials for one', async () => {
  const response = await anonymous();
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await response.json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
});

test('refuses a wrong key, and after a few guesses answers nothing but 429 to that address', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 5; i += 1) statuses.push((await anonymous({ authorization: 'Bearer gp_wrong' })).status);
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
});

test('takes no address from a client beyond the trusted proxies', async () => {
  for (let i = 0; i < 3; i += 1) await anonymous();
  const spoofed = await anonymous({ 'x-forwarded-for': `203.0.113.9, 198.51.100.${String(address)}` });
  expect(spoofed.status).toBe(429);
});

test('accepts a token of the platform that is meant for the gateway, and no other', async () => {
  const operator = { subject: 'operator', tenant: 'platform-verification', scopes: [] };
  const token = await mintIdentityToken(gateway.identityKey, 'gateway', operator);
  expect((await anonymous({ authorization: `Bearer ${token}` })).status).toBe(200);
  const foreign = await mintIdentityToken(gateway.identityKey, 'search', operator);
  expect((await anonymous({ authorization: `Bearer ${foreign}` })).status).toBe(401);
});

test('tells a client its rate, and when to come back once it is used up', async () => {
  const replies: Response[] = [];
  for (let i = 0; i < 6; i += 1) replies.push(await gateway.fetch('/v1/echo'));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  expect(replies[0]?.headers.get('ratelimit-policy')).toBe('"key";q=5;w=50');
  expect(replies[0]?.headers.get('ratelimit')).toBe('"key";r=4;t=10');
  expect(Number(replies[5]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(9);
  expect(await replies[5]?.json()).toMatchObject({ code: 'GATEWAY_RATE_LIMITED', retryable: true });
});

test('limits by itself while the cache is away, and fails no request for it', async () => {
  await gateway.valkey.stop();
  try {
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await anonymous({ authorization: 'Bearer gp_wrong' })).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
  } finally {
    await gateway.valkey.start();
  }
});

test('shows probes and metrics to the cluster, not to those who come through a proxy', async () => {
  expect((await fetch(`${gateway.url}/metrics`)).status).toBe(200);
  expect((await fetch(`${gateway.url}/metrics`, { headers: { 'x-forwarded-for': '1.2.3.4' } })).status).toBe(404);
});
