import { startValkey, type TestValkey } from '@genai-platform/common/testing';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startConfigured } from '../harness/configured-router.ts';
import { eventData, jsonReply, type Json } from '../harness/json-reply.ts';
import { createRouterDatabase, type RouterDatabase } from '../harness/router-database.ts';
import { completion, scriptProvider, toolEvents, type ScriptedProvider } from '../harness/scripted-provider.ts';
import { startRouter, type TestRouter } from '../harness/start-router.ts';

let database: RouterDatabase;
let valkey: TestValkey;
let provider: ScriptedProvider;
let router: TestRouter;

beforeAll(async () => {
  [database, valkey] = [
    await createRouterDatabase(),
    await startValkey({ acl: ['user default off', 'user router on >secret ~llm:* +@all -@dangerous +info'] }),
  ];
  let answers = 0;
  provider = await scriptProvider(({ body }) => {
    if (body.stream === true) return { events: toolEvents };
    return { json: completion({ content: `answer ${String((answers += 1))}` }) };
  });
  const folder = mkdtempSync(join(tmpdir(), 'router-caches-'));
  const settings = {
    providers: [{ name: 'house', kind: 'openai-compatible', base_url: provider.origin, models: [{ name: 'm' }] }],
    prices: { version: '1', models: { 'house/m': { prompt_micros_per_million: 1_000_000 } } },
    caches: { exact: { ttl_seconds: 60 }, semantic: { ttl_seconds: 60, threshold: 0.9, tenants: ['acme'] } },
  };
  const files = { username: 'router', password: 'secret', 'settings.json': JSON.stringify(settings) };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  router = await startRouter({
    env: {
      ...database.env,
      LLM_SETTINGS_FILE: join(folder, 'settings.json'),
      REDIS_HOST: valkey.host,
      REDIS_PORT: String(valkey.port),
      REDIS_CREDENTIALS_DIR: folder,
      REDIS_TLS_MODE: 'disable',
    },
  });
});

afterAll(async () => {
  await router.close();
  await provider.close();
  await valkey.stop();
  await database.close();
});

interface Answered {
  readonly text: string;
  readonly cache: string | null;
  readonly decision: Json;
}

async function ask(
  content: string,
  { more = {}, as, headers }: { more?: object; as?: object; headers?: Record<string, string> } = {},
): Promise<Answered> {
  const json = { model: 'm', messages: [{ role: 'user', content }], ...more };
  const response = await router.fetch('/v1/chat/completions', { json, ...(as && { as }), ...(headers && { headers }) });
  const { body } = await jsonReply(response);
  const id = String(response.headers.get('x-request-id'));
  const decision = await jsonReply(await router.fetch(`/v1/router/decisions/${id}`, as ? { as } : {}));
  return {
    text: body.choices[0].message.content,
    cache: response.headers.get('x-router-cache'),
    decision: decision.body,
  };
}

test('an equal request is answered again at no cost, whatever the order of its keys, to its tenant alone', async () => {
  const first = await ask('What is a fjord?', { more: { temperature: 0, top_p: 1 } });
  expect(first).toMatchObject({ cache: 'miss', decision: { cost_micros: 9 } });
  const again = await ask('What is a fjord?', { more: { top_p: 1, temperature: 0, user: 'x' } });
  expect(again).toMatchObject({
    text: first.text,
    cache: 'hit',
    decision: { cache: 'hit', target: 'house/m', attempts: [], cost_micros: 0, prompt_tokens: 9 },
  });
  expect((await ask('What is a fjord?', { more: { temperature: 0, top_p: 1 }, as: { tenant: 'other' } })).cache).toBe(
    'miss',
  );
  const fresh = await ask('What is a fjord?', {
    more: { temperature: 0, top_p: 1 },
    headers: { 'cache-control': 'no-cache' },
  });
  expect([fresh.cache, fresh.text === first.text]).toEqual(['miss', false]);
});

test('a question that means the same is answered again, where its tenant opted in and all else is equal', async () => {
  const first = await ask('What is the capital city of Norway?');
  const same = 'Which city is the capital of Norway?';
  // Nobody waits until an answer has been kept.
  let found = await ask(same);
  for (let tries = 0; found.cache === 'miss' && tries < 50; tries += 1)
    found = await ask(`${same}${' '.repeat(tries)}`);
  expect(found).toMatchObject({ decision: { cache: 'semantic-hit', cost_micros: 0 } });
  expect(found.decision.cache_similarity).toBeGreaterThan(0.9);
  expect(first.text).toMatch(/^answer/);
  expect((await ask('How do whales sleep?')).cache).toBe('miss');
  expect((await ask('What city is the capital of Norway?', { more: { temperature: 1 } })).cache).toBe('miss');
  expect((await ask('What city is the capital of Norway?', { as: { tenant: 'other' } })).cache).toBe('miss');
});

test('a stream is kept whole, its tool calls too, and given again as a stream or not', async () => {
  const json = {
    model: 'm',
    messages: [{ role: 'user', content: 'Go.' }],
    tools: [{ type: 'function', function: { name: 'weather' } }],
  };
  const streamed = await eventData(await router.fetch('/v1/chat/completions', { json: { ...json, stream: true } }));
  expect(streamed.at(-1)).toBe('[DONE]');
  const plain = await router.fetch('/v1/chat/completions', { json });
  expect(plain.headers.get('x-router-cache')).toBe('hit');
  expect(await plain.json()).toMatchObject({
    choices: [
      {
        message: {
          content: 'Let me see.',
          tool_calls: [
            { id: 'call_1', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
            { id: 'call_2', function: { name: 'time', arguments: '{}' } },
          ],
        },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { total_tokens: 21 },
  });
  const again = await router.fetch('/v1/chat/completions', { json: { ...json, stream: true } });
  expect(again.headers.get('x-router-cache')).toBe('hit');
  const data = await eventData(again);
  expect(JSON.parse(data[0] ?? '')).toMatchObject({
    choices: [{ delta: { content: 'Let me see.', tool_calls: [{ index: 0 }, { index: 1 }] } }],
  });
  expect(data.at(-1)).toBe('[DONE]');
});

test('messages in Anthropic’s shape are kept and given again in it, as a stream or not', async () => {
  const tools = [{ name: 'weather', input_schema: { type: 'object' } }];
  const json = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Go on.' }], tools };
  const ask = async (stream: boolean): Promise<Response> =>
    await router.fetch('/v1/messages', { json: { ...json, stream } });
  const streamed = await eventData(await ask(true));
  const plain = await ask(false);
  expect(plain.headers.get('x-router-cache')).toBe('hit');
  const content = [
    { type: 'text', text: 'Let me see.' },
    { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Oslo' } },
    { type: 'tool_use', id: 'call_2', name: 'time', input: {} },
  ];
  expect(await plain.json()).toMatchObject({ type: 'message', content, stop_reason: 'tool_use' });
  const again = await ask(true);
  expect(again.headers.get('x-router-cache')).toBe('hit');
  const types = (data: readonly string[]): string[] => data.map((line) => JSON.parse(line).type);
  const replayed = await eventData(again);
  expect([types(replayed)[0], types(replayed).at(-1)]).toEqual([types(streamed)[0], types(streamed).at(-1)]);
  expect(replayed.map((line) => JSON.parse(line).delta?.partial_json ?? '').join('')).toBe('{"city":"Oslo"}{}');
});

test('while Redis is away requests go on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'router-caches-'));
  for (const name of ['username', 'password']) writeFileSync(join(folder, name), 'x');
  const house = {
    name: 'house',
    kind: 'openai-compatible' as const,
    base_url: provider.origin,
    models: [{ name: 'm' }],
  };
  const alone = await startConfigured(
    { providers: [house], caches: { exact: { ttl_seconds: 60 } } },
    { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1', REDIS_CREDENTIALS_DIR: folder, REDIS_TLS_MODE: 'disable' },
  );
  try {
    for (let count = 0; count < 2; count += 1) {
      const json = { model: 'm', messages: [{ role: 'user', content: 'Anybody?' }] };
      const response = await alone.fetch('/v1/chat/completions', { json });
      expect([response.status, response.headers.get('x-router-cache')]).toEqual([200, 'miss']);
    }
  } finally {
    await alone.close();
  }
});
