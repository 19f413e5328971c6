import { startConfigured } from '../harness/configured-router.ts';
import { jsonReply, type Json } from '../harness/json-reply.ts';
import { createRouterDatabase, type RouterDatabase } from '../harness/router-database.ts';
import { chunk, completion, scriptProvider, usageChunk, type ScriptedProvider } from '../harness/scripted-provider.ts';
import type { TestRouter } from '../harness/start-router.ts';

let database: RouterDatabase;
let provider: ScriptedProvider;
const routers: TestRouter[] = [];

beforeAll(async () => {
  database = await createRouterDatabase();
  provider = await scriptProvider(({ body }) => {
    if (body.messages[0].content === 'fail') return { status: 500, json: {} };
    if (body.stream !== true) return { json: completion({ content: 'Hello.' }) };
    return { events: [chunk({ content: 'Hello.' }), chunk({}, 'stop'), usageChunk(9, 5), '[DONE]'] };
  });
});

afterEach(async () => {
  for (let router = routers.pop(); router !== undefined; router = routers.pop()) await router.close();
  await database.admin('TRUNCATE quotas, quota_accounts CASCADE');
});

afterAll(async () => {
  await provider.close();
  await database.close();
});

/** One request costs 9 × 2 + 5 × 10 = 68 millionths; 74 are set aside: 12 tokens are thought to be read. */
const prices = {
  version: '2026-11',
  models: { 'house/m': { prompt_micros_per_million: 2_000_000, completion_micros_per_million: 10_000_000 } },
};

async function start(quotas: readonly object[], env = database.env): Promise<TestRouter> {
  const house = {
    name: 'house',
    kind: 'openai-compatible' as const,
    base_url: provider.origin,
    models: [{ name: 'm' }],
  };
  const router = await startConfigured({ providers: [house], prices, quotas }, env);
  routers.push(router);
  return router;
}

const ask = async (router: TestRouter, more: object = {}, as?: object): Promise<Response> =>
  router.fetch('/v1/chat/completions', {
    json: { model: 'm', messages: [{ role: 'user', content: 'Hello there.' }], max_tokens: 5, ...more },
    ...(as && { as }),
  });

async function standing(router: TestRouter, as?: object): Promise<Json[]> {
  const reply = await jsonReply(await router.fetch('/v1/budgets', as ? { as } : {}));
  return reply.body.data;
}

const budget = (amount: number, more: object = {}): object => ({ unit: 'micros', period: 'month', amount, ...more });

test('a request over the budget is refused with what is used up and until when, and is not tried again by clients', async () => {
  const router = await start([budget(130)]);
  expect((await ask(router)).status).toBe(200);
  const refused = await ask(router);
  const { status, body, headers } = await jsonReply(refused);
  expect([status, body.error]).toMatchObject([
    429,
    {
      code: 'llm_budget_exceeded',
      message: expect.stringMatching(/130 millionths a month.* until \d{4}-\d\d-01T00:00/),
    },
  ]);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(headers.get('x-should-retry')).toBe('false');
  const decision = await jsonReply(await router.fetch(`/v1/router/decisions/${String(headers.get('x-request-id'))}`));
  expect(decision.body).toMatchObject({
    outcome: 'failed',
    target: null,
    refused_by: expect.stringContaining('budget'),
  });
  expect(provider.requests.length).toBeGreaterThan(0);
});

test('what is set aside becomes what was spent, of streams too, and nothing where nobody answered', async () => {
  const router = await start([budget(1_000_000), { unit: 'requests', period: 'hour', amount: 100 }]);
  await (await ask(router, { stream: true })).text();
  await ask(router);
  expect((await ask(router, { messages: [{ role: 'user', content: 'fail' }] })).status).toBe(502);
  const response = await ask(router);
  expect(response.headers.get('x-ratelimit-limit-requests')).toBe('100');
  await router.deps.quotas?.gate.close();
  expect(await standing(router)).toMatchObject([
    { unit: 'micros', amount: 1_000_000, used: 3 * 68, left: 1_000_000 - 3 * 68 },
    { unit: 'requests', used: 3, left: 97 },
  ]);
});

test('64 requests at once, before two routers, never spend more than there is', async () => {
  const [one, two] = [await start([budget(700)]), await start([budget(700)])];
  const replies = await Promise.all(Array.from({ length: 64 }, async (_, index) => ask(index % 2 === 0 ? one : two)));
  const served = replies.filter(({ status }) => status === 200).length;
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 429]));
  expect(served).toBeGreaterThan(0);
  expect(served * 68).toBeLessThanOrEqual(700);
  for (const router of [one, two]) await router.deps.quotas?.gate.close();
  const [account] = await database.admin('SELECT spent, reserved FROM quota_accounts');
  expect(account).toEqual({ spent: String(served * 68), reserved: '0' });
});

test('what a process held that died is free again, but for what was in flight', async () => {
  const router = await start([budget(1_000)]);
  const [tenant] = [(await standing(router)) && 'acme'];
  await ask(router);
  await router.deps.quotas?.gate.close();
  await database.admin(
    `INSERT INTO quota_leases (tenant, subject, unit, period, starts_at, holder, amount, in_flight, alive_until)
     SELECT tenant, subject, unit, period, starts_at, gen_random_uuid(), 900, 100, now() - interval '1 minute' FROM quota_accounts WHERE tenant = $1`,
    [tenant],
  );
  await database.admin('UPDATE quota_accounts SET reserved = 900');
  const other = await start([budget(1_000)]);
  expect((await ask(other)).status).toBe(200);
  await other.deps.quotas?.gate.close();
  expect(await database.admin('SELECT spent, reserved FROM quota_accounts')).toEqual([
    { spent: String(2 * 68 + 100), reserved: '0' },
  ]);
});

test('users have limits of their own, and one tenant’s are nothing to another', async () => {
  const router = await start([{ tenant: 'acme', per: 'user', unit: 'requests', period: 'day', amount: 1 }]);
  const statuses: number[] = [];
  for (const subject of ['ada', 'ada', 'bob']) statuses.push((await ask(router, {}, { subject })).status);
  for (let count = 0; count < 2; count += 1) statuses.push((await ask(router, {}, { tenant: 'other' })).status);
  expect(statuses).toEqual([200, 429, 200, 200, 200]);
});

test('each API key has limits of its own, and sessions are not bound by those of keys', async () => {
  const perKey = { per: 'api_key', unit: 'requests', period: 'day', amount: 1 };
  const router = await start([perKey]);
  const statuses: number[] = [];
  for (const apiKey of ['one', 'one', 'two']) statuses.push((await ask(router, {}, { apiKey })).status);
  for (let count = 0; count < 2; count += 1) statuses.push((await ask(router)).status);
  expect(statuses).toEqual([200, 429, 200, 200, 200]);
  const refused = await jsonReply(await ask(router, {}, { apiKey: 'two' }));
  expect(refused.body.error.message).toMatch(/^the limit of requests of the API key two, 1 requests a day,/);
  expect(await standing(router, { apiKey: 'one' })).toMatchObject([{ ...perKey, used: 1, left: 0 }]);
  expect(await standing(router)).toEqual([]);
  // A user may have the name of a key.
  expect((await ask(router, {}, { subject: 'one' })).status).toBe(200);
});

test('quotas of API keys can be set by the API', async () => {
  const router = await start([]);
  const quotas = [{ per: 'api_key', unit: 'tokens', period: 'month', amount: 1_000 }];
  const put = await router.fetch('/v1/budgets/acme', { method: 'PUT', json: { quotas } });
  expect(put.status).toBe(200);
  expect(await standing(router, { apiKey: 'one' })).toMatchObject([{ ...quotas[0], used: 0, left: 1_000 }]);
});

test('an administrator sets the budgets of a tenant, and others cannot', async () => {
  const router = await start([budget(1_000_000)]);
  const put = async (quotas: readonly object[], as: object): Promise<Response> =>
    router.fetch('/v1/budgets/acme', { method: 'PUT', json: { quotas }, as });
  const quota = { per: 'tenant', unit: 'requests', period: 'day', amount: 0 };
  expect((await put([quota], { scopes: ['llm:read', 'llm:chat'] })).status).toBe(403);
  const double = await jsonReply(await put([quota, quota], { scopes: ['llm:admin'] }));
  expect([double.status, double.body.errors[0].pointer]).toEqual([400, '/quotas/1']);
  const set = await jsonReply(await put([quota], { scopes: ['llm:admin'] }));
  expect(set.body).toMatchObject({ tenant: 'acme', data: [{ unit: 'micros' }, { unit: 'requests', amount: 0 }] });
  expect((await ask(router)).status).toBe(429);
});

test('while the database is away a budget refuses with 503, or lets through where that was chosen', async () => {
  const away = { ...database.env, DATABASE_PORT: '1' };
  const refusing = await start([budget(1_000)], away);
  expect((await ask(refusing)).status).toBe(503);
});

test('use is told by model and user, and is forgotten with the user while the sums stay', async () => {
  const router = await start([]);
  await ask(router, {}, { subject: 'counted-ada' });
  await ask(router, {}, { subject: 'counted-bob' });
  const usage = async (query: string, as: object): Promise<Json> =>
    (await jsonReply(await router.fetch(`/v1/usage?${query}`, { as }))).body.data;
  const end = new Date(Date.now() + 3_600_000).toISOString();
  const query = `group_by=user&end=${end}`;
  expect(await usage(query, { subject: 'counted-ada', scopes: ['llm:read'] })).toEqual([
    {
      group: 'counted-ada',
      requests: 1,
      failures: 0,
      cache_hits: 0,
      prompt_tokens: 9,
      completion_tokens: 5,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
      estimated: 0,
      cost_micros: 68,
    },
  ]);
  const erased = { json: { tenant: 'acme', subject: 'counted-ada' }, as: { scopes: ['platform:erase'] } };
  expect(await (await router.fetch('/internal/erasure', erased)).json()).toMatchObject({ records: { usage: 1 } });
  const all: Json[] = await usage(query, { scopes: ['llm:read', 'llm:admin'] });
  expect(all.map(({ group, requests }) => [group, requests])).toContainEqual(['', 1]);
});
