import Anthropic, { NotFoundError } from '@anthropic-ai/sdk';
import { startConfigured } from '../harness/configured-router.ts';
import type { Json } from '../harness/json-reply.ts';
import { completion, scriptProvider, toolEvents, type ScriptedProvider } from '../harness/scripted-provider.ts';
import type { TestRouter } from '../harness/start-router.ts';

let provider: ScriptedProvider;
let router: TestRouter;
let client: Anthropic;

beforeAll(async () => {
  provider = await scriptProvider(({ body }) =>
    body.stream === true ? { events: toolEvents } : { json: completion({ content: 'Hello.' }) },
  );
  const base = { name: 'house', kind: 'openai-compatible' as const, models: [{ name: 'm' }] };
  router = await startConfigured({ providers: [{ ...base, base_url: provider.origin }] });
  const authToken = await router.context.testIdentity.token('llm-router');
  client = new Anthropic({ baseURL: router.url, authToken, apiKey: null });
});

afterAll(async () => {
  await router.close();
  await provider.close();
});

const tools = [{ name: 'weather', description: 'Tells it', input_schema: { type: 'object' as const } }];

test('a stock client of Anthropic gets a message, and the model gets the conversation', async () => {
  const message = await client.messages.create({
    model: 'm',
    max_tokens: 64,
    system: 'Be brief.',
    messages: [
      { role: 'user', content: 'What is the weather in Oslo?' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Oslo' } }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: 'Rain.' },
          { type: 'text', text: 'And now?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        ],
      },
    ],
    tools,
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  });
  expect(message).toMatchObject({
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text: 'Hello.' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 9, output_tokens: 5 },
  });
  expect(provider.requests.at(-1)?.body).toMatchObject({
    model: 'm',
    max_completion_tokens: 64,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is the weather in Oslo?' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'Rain.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'And now?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
    ],
    tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
    tool_choice: 'required',
    parallel_tool_calls: false,
  });
});

test('its stream has the text and the calls of tools, put together from their pieces', async () => {
  const stream = client.messages.stream({
    model: 'm',
    max_tokens: 64,
    tools,
    messages: [{ role: 'user', content: 'Go.' }],
  });
  const message = await stream.finalMessage();
  expect(message).toMatchObject({
    content: [
      { type: 'text', text: 'Let me see.' },
      { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Oslo' } },
      { type: 'tool_use', id: 'call_2', name: 'time', input: {} },
    ],
    stop_reason: 'tool_use',
    usage: { input_tokens: 9, output_tokens: 12 },
  });
});

test('errors have the shape that its clients read', async () => {
  const missing = client.messages.create({
    model: 'claude-99',
    max_tokens: 1,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  await expect(missing).rejects.toBeInstanceOf(NotFoundError);
  const json = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: [{ type: 'document' }] }] };
  const response = await router.fetch('/v1/messages', { json });
  expect([response.status, (await response.json()) as Json]).toMatchObject([
    400,
    {
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringContaining('/messages/0/content') },
    },
  ]);
});
