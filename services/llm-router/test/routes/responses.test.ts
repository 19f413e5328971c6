import OpenAI, { NotFoundError } from 'openai';
import { startConfigured } from '../harness/configured-router.ts';
import { eventData, jsonReply } from '../harness/json-reply.ts';
import { createRouterDatabase, type RouterDatabase } from '../harness/router-database.ts';
import {
  chunk,
  completion,
  scriptProvider,
  toolEvents,
  usageChunk,
  type ScriptedProvider,
} from '../harness/scripted-provider.ts';
import type { TestRouter } from '../harness/start-router.ts';

const slowly = [...'slowly'].map((letter) => chunk({ content: letter }));

let database: RouterDatabase;
let provider: ScriptedProvider;
let router: TestRouter;
let other: TestRouter;
let client: OpenAI;

beforeAll(async () => {
  database = await createRouterDatabase();
  provider = await scriptProvider(({ body }) => {
    if (body.stream !== true) return { json: completion({ content: 'Hello.' }) };
    if (body.tools !== undefined) return { events: toolEvents };
    const forever =
      body.messages.at(-1).content === 'forever' ? Array.from({ length: 500 }, () => chunk({ content: '.' })) : [];
    return { events: [...forever, ...slowly, chunk({}, 'stop'), usageChunk(3, 6), '[DONE]'], pauseMs: 20 };
  });
  const base = { name: 'house', kind: 'openai-compatible' as const, models: [{ name: 'm' }] };
  const settings = { providers: [{ ...base, base_url: provider.origin }] };
  router = await startConfigured(settings, database.env);
  other = await startConfigured(settings, database.env);
  client = await clientOf(router);
});

afterAll(async () => {
  await router.close();
  await other.close();
  await provider.close();
  await database.close();
});

async function clientOf({ url, context }: TestRouter): Promise<OpenAI> {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: await context.testIdentity.token('llm-router'), maxRetries: 0 });
}

test('a response is made, kept, gone on from, and deleted', async () => {
  const first = await client.responses.create({ model: 'm', instructions: 'Be brief.', input: 'Hi' });
  expect(first).toMatchObject({ status: 'completed', output_text: 'Hello.', store: true, usage: { input_tokens: 9 } });
  expect(await client.responses.retrieve(first.id)).toMatchObject({ id: first.id, output_text: 'Hello.' });
  await client.responses.create({ model: 'm', input: 'And?', previous_response_id: first.id });
  expect(provider.requests.at(-1)?.body.messages).toMatchObject([
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: 'And?' },
  ]);
  await client.responses.delete(first.id);
  await expect(client.responses.retrieve(first.id)).rejects.toBeInstanceOf(NotFoundError);
});

test('a stream has the text and the calls of tools in their pieces, and what they came to', async () => {
  const tools = [{ type: 'function' as const, name: 'weather', parameters: { type: 'object' }, strict: false }];
  const stream = client.responses.stream({ model: 'm', input: 'Go.', tools });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  const { output, status, usage } = await stream.finalResponse();
  expect([status, usage?.output_tokens]).toEqual(['completed', 12]);
  expect(output).toMatchObject([
    { type: 'message', content: [{ type: 'output_text', text: 'Let me see.' }] },
    { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}', status: 'completed' },
    { type: 'function_call', call_id: 'call_2', name: 'time', arguments: '{}' },
  ]);
  expect(types.slice(0, 4)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
  ]);
  expect(types.at(-1)).toBe('response.completed');
});

test('what tools said goes to the model with the calls that asked for it', async () => {
  const call = { type: 'function_call' as const, call_id: 'call_1', name: 'weather', arguments: '{}' };
  await client.responses.create({
    model: 'm',
    input: [
      { role: 'user', content: 'Go.' },
      call,
      { type: 'function_call_output', call_id: 'call_1', output: 'Rain.' },
    ],
    text: { format: { type: 'json_schema', name: 'reply', schema: { type: 'object' } } },
    reasoning: { effort: 'low' },
  });
  expect(provider.requests.at(-1)?.body).toMatchObject({
    messages: [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'call_1', content: 'Rain.' },
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'reply', schema: { type: 'object' } } },
    reasoning_effort: 'low',
  });
});

describe('in the background', () => {
  const start = async (input = 'slowly'): Promise<string> =>
    (await client.responses.create({ model: 'm', input, background: true })).id;

  test('a stream goes on after its client has gone, and is resumed anywhere from where it was', async () => {
    const stream = await client.responses.create({ model: 'm', input: 'slowly', background: true, stream: true });
    let id = '';
    let seen = -1;
    for await (const event of stream) {
      if (event.type === 'response.created') id = event.response.id;
      seen = event.sequence_number;
      if (event.type === 'response.output_text.delta') break;
    }
    const resumed = await (await clientOf(other)).responses.retrieve(id, { stream: true, starting_after: seen });
    const numbers: number[] = [];
    let text = '';
    for await (const event of resumed) {
      numbers.push(event.sequence_number);
      if (event.type === 'response.completed') text = JSON.stringify(event.response.output);
    }
    expect(numbers).toEqual(numbers.map((_, index) => seen + 1 + index));
    expect(text).toContain('"text":"slowly"');
  });

  test('the events of one that has ended are read again from the beginning', async () => {
    const id = await start();
    const path = `/v1/responses/${id}?stream=true`;
    const first = await eventData(await router.fetch(path));
    expect(JSON.parse(first.at(-1) ?? '')).toMatchObject({
      type: 'response.completed',
      response: { status: 'completed' },
    });
    expect(await eventData(await other.fetch(path))).toEqual(first);
    const response = await other.fetch(path, { headers: { 'last-event-id': String(first.length - 2) } });
    expect(await eventData(response)).toEqual(first.slice(-1));
  });

  test('is cancelled, by another process too, and the provider’s work ends', async () => {
    const id = await start('forever');
    expect((await other.fetch(`/v1/responses/${id}/cancel`, { method: 'POST' })).status).toBe(200);
    let status: string | undefined = 'in_progress';
    while (status === 'in_progress') status = (await client.responses.retrieve(id)).status;
    expect(status).toBe('cancelled');
  });

  test('one whose process has died is said to have failed, and its events end with an error', async () => {
    const id = await start('forever');
    await database.admin(`UPDATE responses SET status = 'queued' WHERE id = $1`, [id]);
    await client.responses.cancel(id).catch(() => undefined);
    await database.admin(
      `UPDATE responses SET status = 'in_progress', body = jsonb_set(body::jsonb, '{status}', '"in_progress"')::json, alive_until = now() WHERE id = $1`,
      [id],
    );
    expect(await client.responses.retrieve(id)).toMatchObject({
      status: 'failed',
      error: { code: 'llm_response_abandoned' },
    });
    const text = await (await router.fetch(`/v1/responses/${id}?stream=true`)).text().catch(() => 'broken off');
    expect(text).toMatch(/broken off|event: error/);
  });

  test('is not possible for what is not to be kept', async () => {
    const json = { model: 'm', input: 'Hi', background: true, store: false };
    const { status, body } = await jsonReply(await router.fetch('/v1/responses', { json }));
    expect([status, body.error.param]).toEqual([400, 'background']);
  });
});

test('a response that was not made in the background has no events to resume', async () => {
  const { id } = await client.responses.create({ model: 'm', input: 'Hi' });
  const { status, body } = await jsonReply(await router.fetch(`/v1/responses/${id}?stream=true`));
  expect([status, body.error.code]).toEqual([400, 'llm_not_resumable']);
});

test('the responses of one user are nothing to another, and go when the user is erased', async () => {
  const { id } = await client.responses.create({ model: 'm', input: 'Hi' });
  for (const as of [{ subject: 'somebody-else' }, { tenant: 'elsewhere' }]) {
    expect((await router.fetch(`/v1/responses/${id}`, { as })).status).toBe(404);
  }
  const mine = (await database.admin('SELECT tenant, subject FROM responses WHERE id = $1', [id]))[0];
  const erased = await router.fetch('/internal/erasure', { json: mine, as: { scopes: ['platform:erase'] } });
  expect(await erased.json()).toMatchObject({ records: { responses: expect.any(Number) } });
  expect((await router.fetch(`/v1/responses/${id}`)).status).toBe(404);
});

test('without a database responses are made, and say that they are not kept', async () => {
  const base = {
    name: 'house',
    kind: 'openai-compatible' as const,
    base_url: provider.origin,
    models: [{ name: 'm' }],
  };
  const alone = await startConfigured({ providers: [base] });
  try {
    const response = await (await clientOf(alone)).responses.create({ model: 'm', input: 'Hi' });
    expect([response.output_text, (response as { store?: boolean }).store]).toEqual(['Hello.', false]);
  } finally {
    await alone.close();
  }
});
