import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keyFile, startConfigured } from '../harness/configured-router.ts';
import { eventData, jsonReply, type Json } from '../harness/json-reply.ts';
import { simulateProvider, words } from '../harness/provider-simulator.ts';
import type { ProviderSimulator } from '../harness/provider-simulator.ts';
import type { TestRouter } from '../harness/start-router.ts';

const messages = [{ role: 'user', content: 'Go on.' }];
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
});

async function withProvider(fault?: Parameters<typeof simulateProvider>[0]): Promise<ProviderSimulator> {
  const provider = await simulateProvider(fault);
  closers.push(() => provider.close());
  return provider;
}

async function withRouter(...given: Parameters<typeof startConfigured>): Promise<TestRouter> {
  const router = await startConfigured(...given);
  closers.push(() => router.close());
  return router;
}

const compatible = (name: string, { baseUrl }: ProviderSimulator, more: object = {}) => ({
  name,
  kind: 'openai-compatible' as const,
  base_url: baseUrl,
  models: [{ name: 'm' }],
  ...more,
});

test('a provider gets its own key and model name, and everything else as the client sent it', async () => {
  const provider = await withProvider();
  const router = await withRouter({
    providers: [compatible('house', provider, { api_key_file: keyFile('sk-secret') })],
  });
  const json = { model: 'house/other', messages, logit_bias: { '5': 1 } };
  const response = await router.fetch('/v1/chat/completions', { json });
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: words.join('') } }] });
  expect(response.headers.get('x-router-target')).toBe('house/other');
  expect(provider.requests).toMatchObject([
    { path: '/v1/chat/completions', headers: { authorization: 'Bearer sk-secret' }, body: { ...json, model: 'other' } },
  ]);
});

test('a client that goes ends the provider’s work', async () => {
  const provider = await withProvider('stall');
  const router = await withRouter({ providers: [compatible('house', provider)] });
  const gone = new AbortController();
  const json = { model: 'm', messages, stream: true };
  const response = await router.fetch('/v1/chat/completions', { json, signal: gone.signal });
  expect(response.status).toBe(200);
  gone.abort();
  while (provider.requests[0]?.closedAtMs === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('all attempts share one deadline, and the answer names them', async () => {
  const [first, second] = [await withProvider('header-hang'), await withProvider('header-hang')];
  const targets = [
    { provider: 'a', model: 'm', timeout_ms: 300 },
    { provider: 'b', model: 'm' },
  ];
  const router = await withRouter({
    providers: [compatible('a', first), compatible('b', second)],
    routes: [{ model: 'routed', deadline_ms: 1_500, targets }],
  });
  const { status, body, headers } = await jsonReply(
    await router.fetch('/v1/chat/completions', { json: { model: 'routed', messages } }),
  );
  expect(status).toBe(504);
  expect(body.error.message).toMatch(/a\/m: timeout after \d+ ms; b\/m: timeout after \d+ ms/);
  const decision = (await (
    await router.fetch(`/v1/router/decisions/${String(headers.get('x-request-id'))}`)
  ).json()) as Json;
  expect(decision).toMatchObject({ outcome: 'failed', order: ['a/m', 'b/m'] });
});

test('the decisions of one tenant are nothing to another', async () => {
  const provider = await withProvider();
  const router = await withRouter({ providers: [compatible('house', provider)] });
  const response = await router.fetch('/v1/chat/completions', { json: { model: 'm', messages } });
  const path = `/v1/router/decisions/${String(response.headers.get('x-request-id'))}`;
  expect((await router.fetch(path)).status).toBe(200);
  expect((await router.fetch(path, { as: { tenant: 'other' } })).status).toBe(404);
});

test('a provider that keeps failing is left alone, and refuses at once with a time', async () => {
  const provider = await withProvider('status-500');
  const router = await withRouter({ providers: [compatible('house', provider)] }, { LLM_BREAKER_FAILURES: '2' });
  const ask = async (): Promise<Response> => router.fetch('/v1/chat/completions', { json: { model: 'm', messages } });
  expect([(await ask()).status, (await ask()).status]).toEqual([502, 502]);
  const refused = await ask();
  expect([refused.status, provider.requests.length]).toEqual([503, 2]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await (await router.fetch('/v1/router/health')).json()).toMatchObject({
    targets: [{ target: 'house/m', state: 'open' }],
  });
});

test('what a provider rejects comes back in its own words, and goes to no other', async () => {
  const server = createServer((_req, res) => {
    const error = {
      message: 'messages[0] is too rude',
      type: 'invalid_request_error',
      param: 'messages',
      code: 'rude',
    };
    res.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => void server.close());
  const strict = {
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`,
  } as ProviderSimulator;
  const other = await withProvider();
  const targets = ['strict', 'other'].map((provider) => ({ provider, model: 'm' }));
  const router = await withRouter({
    providers: [compatible('strict', strict), compatible('other', other)],
    routes: [{ model: 'routed', targets }],
  });
  const { status, body } = await jsonReply(
    await router.fetch('/v1/chat/completions', { json: { model: 'routed', messages } }),
  );
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ message: '/messages: messages[0] is too rude', param: 'messages', code: 'rude' });
  expect(other.requests).toEqual([]);
});

test('cost is counted in integers by the version of the price table, of streams too', async () => {
  const provider = await withProvider();
  const prices = {
    version: '2026-11',
    models: { 'house/m': { prompt_micros_per_million: 2_500_000, completion_micros_per_million: 10_000_000 } },
  };
  const router = await withRouter({ providers: [compatible('house', provider)], prices });
  const response = await router.fetch('/v1/chat/completions', { json: { model: 'm', messages, stream: true } });
  const data = await eventData(response);
  expect(data.at(-1)).toBe('[DONE]');
  expect(data.filter((line) => line.includes('"usage":{'))).toEqual([]);
  const id = String(response.headers.get('x-request-id'));
  // 9 tokens at 2.5 and 5 at 10 millionths: 72.5, rounded up.
  expect(await (await router.fetch(`/v1/router/decisions/${id}`)).json()).toMatchObject({
    prompt_tokens: 9,
    completion_tokens: 5,
    cost_micros: 73,
    price_version: '2026-11',
  });
});
