import Anthropic, { RateLimitError } from '@anthropic-ai/sdk';
import { keyFile, startConfigured } from '../harness/configured-router.ts';
import { eventData, jsonReply, type Json } from '../harness/json-reply.ts';
import { createRouterDatabase, type RouterDatabase } from '../harness/router-database.ts';
import { chunk, completion, scriptProvider, usageChunk, type ScriptedProvider } from '../harness/scripted-provider.ts';
import type { TestRouter } from '../harness/start-router.ts';

const thinking = { type: 'thinking' as const, thinking: 'Oslo is in Norway.', signature: 'c2lnbmVk' };
const redacted = { type: 'redacted_thinking' as const, data: 'aGlkZGVu' };
const use = { type: 'tool_use' as const, id: 'toolu_1', name: 'weather', input: { city: 'Oslo' } };
const usage = {
  input_tokens: 10,
  cache_creation_input_tokens: 200,
  cache_read_input_tokens: 3_000,
  output_tokens: 40,
  service_tier: 'standard',
};
const head = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', stop_sequence: null };
const answer = { ...head, content: [thinking, redacted, use], stop_reason: 'tool_use', usage };
const delta = (index: number, piece: object): object => ({ type: 'content_block_delta', index, delta: piece });
const events: readonly object[] = [
  {
    type: 'message_start',
    message: { ...head, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
  { type: 'ping' },
  delta(0, { type: 'thinking_delta', thinking: 'Oslo is ' }),
  delta(0, { type: 'thinking_delta', thinking: 'in Norway.' }),
  delta(0, { type: 'signature_delta', signature: 'c2lnbmVk' }),
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: redacted },
  { type: 'content_block_stop', index: 1 },
  { type: 'content_block_start', index: 2, content_block: { ...use, input: {} } },
  delta(2, { type: 'input_json_delta', partial_json: '{"city":' }),
  delta(2, { type: 'input_json_delta', partial_json: '"Oslo"}' }),
  { type: 'content_block_stop', index: 2 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 40 } },
  { type: 'message_stop' },
];
/** 10 × 3 + 200 × 3.75 + 3000 × 0.30 + 40 × 15 millionths. */
const COST = 30 + 750 + 900 + 600;
const prices = {
  version: '1',
  models: {
    'anthropic/claude': {
      prompt_micros_per_million: 3_000_000,
      completion_micros_per_million: 15_000_000,
      cache_read_micros_per_million: 300_000,
      cache_write_micros_per_million: 3_750_000,
    },
  },
};

let database: RouterDatabase;
let anthropic: ScriptedProvider;
let house: ScriptedProvider;
let router: TestRouter;
let client: Anthropic;

beforeAll(async () => {
  database = await createRouterDatabase();
  anthropic = await scriptProvider(({ path, body }) => {
    if (path.endsWith('/count_tokens')) return { json: { input_tokens: 3_210 } };
    const said = JSON.stringify(body.messages);
    if (said.includes('busy')) return { events: [{ type: 'error', error: { type: 'overloaded_error' } }] };
    if (body.stream !== true) return { json: answer };
    return { events: said.includes('cut') ? events.slice(0, 5) : events };
  });
  house = await scriptProvider(({ body }) =>
    body.stream === true
      ? { events: [chunk({ reasoning_content: 'Hm.' }), chunk({ content: 'Hi' }), chunk({}, 'stop'), usageChunk(9, 5), '[DONE]'] }
      : { json: completion({ reasoning_content: 'Hm.', content: 'Hi' }) },
  ); // prettier-ignore
  const models = [{ name: 'claude' }];
  router = await startConfigured(
    {
      providers: [
        { name: 'anthropic', kind: 'anthropic', base_url: anthropic.origin, api_key_file: keyFile('sk-ant'), models },
        { name: 'house', kind: 'openai-compatible', base_url: house.origin, models: [{ name: 'm' }] },
      ],
      routes: [
        {
          model: 'either',
          targets: [
            { provider: 'anthropic', model: 'claude' },
            { provider: 'house', model: 'm' },
          ],
        },
      ],
      quotas: [{ tenant: 'small', per: 'tenant', unit: 'requests', period: 'day', amount: 1 }],
      prices,
    },
    database.env,
  );
  client = await clientOf();
});

afterAll(async () => {
  await router.close();
  await Promise.all([anthropic.close(), house.close(), database.close()]);
});

const clientOf = async (as: object = {}): Promise<Anthropic> => {
  const authToken = await router.context.testIdentity.token('llm-router', as);
  return new Anthropic({ baseURL: router.url, authToken, apiKey: null, maxRetries: 0 });
};
const cached = { cache_control: { type: 'ephemeral' as const, ttl: '1h' as const } };
const question = { role: 'user' as const, content: 'How is Oslo?' };
const conversation = {
  model: 'claude',
  max_tokens: 2_048,
  thinking: { type: 'enabled' as const, budget_tokens: 1_024 },
  system: [{ type: 'text' as const, text: 'Be brief.', ...cached }],
  tools: [{ name: 'weather', input_schema: { type: 'object' as const }, ...cached }],
  messages: [
    question,
    { role: 'assistant' as const, content: [thinking, redacted, use] },
    {
      role: 'user' as const,
      content: [{ type: 'tool_result' as const, tool_use_id: 'toolu_1', content: 'Rain.', is_error: true, ...cached }],
    },
  ],
};
async function decisionOf(requestId: string | null | undefined): Promise<Json> {
  return (await jsonReply(await router.fetch(`/v1/router/decisions/${String(requestId)}`))).body;
}

test('what Anthropic’s client says reaches Anthropic unchanged, and the answer comes back so', async () => {
  const { data, response } = await client.messages
    .create(conversation, { headers: { 'anthropic-beta': 'context-1m-2025-08-07, <no name>' } })
    .withResponse();
  expect(data).toMatchObject(answer);
  expect(anthropic.requests.at(-1)).toMatchObject({ path: '/v1/messages', headers: { 'x-api-key': 'sk-ant' } });
  expect(anthropic.requests.at(-1)?.headers['anthropic-beta']).toBe('context-1m-2025-08-07');
  expect(anthropic.requests.at(-1)?.body).toEqual({ ...conversation, stream: false });
  expect(await decisionOf(response.headers.get('x-request-id'))).toMatchObject({
    prompt_tokens: 3_210,
    cache_read_tokens: 3_000,
    cache_write_tokens: 200,
    completion_tokens: 40,
    cost_micros: COST,
    usage_estimated: false,
  });
});

test('its stream brings thinking with its signature, calls and usage', async () => {
  const stream = client.messages.stream(conversation);
  expect(await stream.finalMessage()).toMatchObject(answer);
  expect(await decisionOf(stream.response?.headers.get('x-request-id'))).toMatchObject({
    outcome: 'answered',
    prompt_tokens: 3_210,
    completion_tokens: 40,
    cost_micros: COST,
  });
  const raw = await router.fetch('/v1/messages', { json: { ...conversation, stream: true } });
  expect((await eventData(raw)).map((line) => JSON.parse(line))).toEqual(events);
});

test('a stream that ends too early ends with an error, and one that begins with one goes elsewhere', async () => {
  const cut = client.messages.stream({ ...conversation, messages: [{ role: 'user', content: 'cut' }] });
  await expect(cut.finalMessage()).rejects.toThrow(/broke off|terminated|aborted/);
  const busy = { ...conversation, model: 'either', messages: [{ role: 'user' as const, content: 'busy' }] };
  expect(await client.messages.stream(busy).finalMessage()).toMatchObject({
    content: [
      { type: 'thinking', thinking: 'Hm.', signature: '' },
      { type: 'text', text: 'Hi' },
    ],
    usage: { input_tokens: 9, output_tokens: 5 },
  });
});

test('another provider is asked to think in its own words, and is not told of caches', async () => {
  const message = await client.messages.create({ ...conversation, model: 'm' });
  expect(message.content).toMatchObject([{ type: 'thinking', thinking: 'Hm.' }, { text: 'Hi' }]);
  const { body } = house.requests.at(-1) as { body: Json };
  expect(body).toMatchObject({ reasoning_effort: 'low', max_completion_tokens: 2_048 });
  expect(JSON.stringify(body)).not.toMatch(/cache_control|Norway|thinking/);
  const plain = await client.messages.create({ model: 'm', max_tokens: 8, messages: [question] });
  expect(plain.content).toMatchObject([{ type: 'text', text: 'Hi' }]);
  expect(house.requests.at(-1)?.body.reasoning_effort).toBeUndefined();
});

test('what another model thought is not told to Anthropic, whose models take no thinking without a signature', async () => {
  const foreign = { type: 'thinking' as const, thinking: 'Hm.', signature: '' };
  const messages = [
    question,
    { role: 'assistant' as const, content: [foreign, { type: 'text' as const, text: 'Hi' }] },
    question,
  ];
  await client.messages.create({ ...conversation, messages });
  expect(anthropic.requests.at(-1)?.body.messages[1].content).toEqual([{ type: 'text', text: 'Hi' }]);
});

test('tokens are counted by the provider, or by an estimate that says so', async () => {
  const { max_tokens: _, ...counted } = conversation;
  const exact = await client.messages.countTokens(counted).withResponse();
  expect([exact.data, exact.response.headers.get('x-router-token-count')]).toEqual([{ input_tokens: 3_210 }, 'exact']);
  expect(anthropic.requests.at(-1)).toMatchObject({ path: '/v1/messages/count_tokens', body: counted });
  const asked = house.requests.length;
  const rough = await client.messages.countTokens({ model: 'm', messages: [question] }).withResponse();
  expect(rough.response.headers.get('x-router-token-count')).toBe('estimated');
  expect(rough.data).toEqual({ input_tokens: 8 + Math.ceil('userHow is Oslo?'.length / 3), estimated: true });
  expect(house.requests).toHaveLength(asked);
  expect(await decisionOf(exact.response.headers.get('x-request-id'))).toMatchObject({
    operation: 'count_tokens',
    prompt_tokens: 0,
    cost_micros: 0,
  });
});

test('counting takes a request of the limits, and the right to chat', async () => {
  const small = await clientOf({ tenant: 'small' });
  const count = async (): Promise<Anthropic.MessageTokensCount> =>
    await small.messages.countTokens({ model: 'm', messages: [question] });
  expect((await count()).input_tokens).toBeGreaterThan(0);
  await expect(count()).rejects.toBeInstanceOf(RateLimitError);
  const reader = { json: { model: 'm', messages: [question] }, as: { scopes: ['llm:read'] } };
  const refused = await jsonReply(await router.fetch('/v1/messages/count_tokens', reader));
  expect([refused.status, refused.body.error.type]).toEqual([403, 'permission_error']);
});

test('an OpenAI-shaped request may ask Claude to think, and is told what it thought', async () => {
  const json = { model: 'claude', messages: [question], thinking: conversation.thinking };
  const { body } = await jsonReply(await router.fetch('/v1/chat/completions', { json }));
  expect(body.choices[0].message).toMatchObject({ reasoning_content: 'Oslo is in Norway.' });
  expect(body.usage).toMatchObject({ prompt_tokens_details: { cached_tokens: 3_000, cache_write_tokens: 200 } });
  expect(anthropic.requests.at(-1)?.body.thinking).toEqual(conversation.thinking);
  const data = await eventData(await router.fetch('/v1/chat/completions', { json: { ...json, stream: true } }));
  const thought = data.slice(0, -1).map((line) => JSON.parse(line).choices[0]?.delta.reasoning_content ?? '');
  expect(thought.join('')).toBe('Oslo is in Norway.');
});

test('use is told by API key and of one key, and never names the key itself', async () => {
  const ask = async (as: object): Promise<unknown> =>
    await (await clientOf(as)).messages.create({ ...conversation, model: 'claude' });
  await ask({ tenant: 'keyed', subject: 'ada', apiKey: 'key_1' });
  await ask({ tenant: 'keyed', subject: 'ada', apiKey: 'key_1' });
  await ask({ tenant: 'keyed', subject: 'bob', apiKey: 'key_2' });
  await ask({ tenant: 'keyed', subject: 'bob' });
  const usageOf = async (query: string, as: object): Promise<Json[]> => {
    const end = new Date(Date.now() + 3_600_000).toISOString();
    return (await jsonReply(await router.fetch(`/v1/usage?end=${end}&${query}`, { as: { tenant: 'keyed', ...as } }))).body.data;
  }; // prettier-ignore
  const admin = { scopes: ['llm:read', 'llm:admin'] };
  const all = await usageOf('group_by=api_key', admin);
  expect(all.map(({ group, requests, cost_micros: cost }) => [group, requests, cost])).toEqual([
    ['', 1, COST],
    ['key_1', 2, 2 * COST],
    ['key_2', 1, COST],
  ]);
  expect(await usageOf('group_by=user&api_key=key_1', admin)).toMatchObject([
    { group: 'ada', requests: 2, cache_read_tokens: 6_000, cache_write_tokens: 400, estimated: 0 },
  ]);
  expect(await usageOf('group_by=api_key', { subject: 'bob', scopes: ['llm:read'] })).toMatchObject([
    { group: '', requests: 1 },
    { group: 'key_2', requests: 1 },
  ]);
  const erased = { json: { tenant: 'keyed', subject: 'ada' }, as: { scopes: ['platform:erase'] } };
  expect((await router.fetch('/internal/erasure', erased)).status).toBe(200);
  expect(await usageOf('group_by=api_key', admin)).toMatchObject([
    { group: '', requests: 3 },
    { group: 'key_2', requests: 1 },
  ]);
});

test('use that the version before has counted is told with the rest', async () => {
  await database.admin(
    `INSERT INTO usage_hours VALUES (date_trunc('hour', now()), 'upgraded', 'ada', 'm', 'house/m', 'chat', '1', 7, 1, 0, 70, 30, 5)`,
  );
  const end = new Date(Date.now() + 3_600_000).toISOString();
  const as = { tenant: 'upgraded', scopes: ['llm:read', 'llm:admin'] };
  const { body } = await jsonReply(await router.fetch(`/v1/usage?group_by=user&end=${end}`, { as }));
  expect(body.data).toMatchObject([{ group: 'ada', requests: 7, prompt_tokens: 70, cost_micros: 5, estimated: 0 }]);
});

test('a chat whose provider does not say what it took is estimated, and says so', async () => {
  const { usage: _, ...silent } = completion({ content: 'Seventeen letters' }) as Json;
  const quiet = await scriptProvider(() => ({ json: silent }));
  const other = await startConfigured({
    providers: [{ name: 'quiet', kind: 'openai-compatible', base_url: quiet.origin, models: [{ name: 'q' }] }],
  });
  const reply = await other.fetch('/v1/chat/completions', { json: { model: 'q', messages: [question] } });
  const path = `/v1/router/decisions/${String(reply.headers.get('x-request-id'))}`;
  const { body } = await jsonReply(await other.fetch(path));
  expect(body.usage_estimated).toBe(true);
  expect(body.prompt_tokens).toBeGreaterThan(8);
  expect(body.completion_tokens).toBeGreaterThan(5);
  await Promise.all([other.close(), quiet.close()]);
});
