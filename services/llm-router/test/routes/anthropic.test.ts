import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keyFile, startConfigured } from '../harness/configured-router.ts';
import { eventData, type Json } from '../harness/json-reply.ts';
import type { TestRouter } from '../harness/start-router.ts';

const asked: { headers: NodeJS.Dict<string | string[]>; body: Json }[] = [];
let server: Server;
let router: TestRouter;

const usage = { input_tokens: 5, cache_read_input_tokens: 2, output_tokens: 1 };
const call = { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Oslo' } };
const events: readonly object[] = [
  { type: 'message_start', message: { id: 'msg_1', model: 'claude', usage } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Let me see.' } },
  { type: 'content_block_start', index: 1, content_block: { ...call, input: {} } },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"city":' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '"Oslo"}' } },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
  { type: 'message_stop' },
];
const message = {
  id: 'msg_1',
  model: 'claude',
  content: [{ type: 'text', text: 'Let me see.' }, call],
  stop_reason: 'tool_use',
  usage,
};

beforeAll(async () => {
  server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => (text += chunk.toString()));
    req.on('end', () => {
      const body = JSON.parse(text);
      asked.push({ headers: req.headers, body });
      const streamed = body.stream === true;
      res.setHeader('content-type', streamed ? 'text/event-stream' : 'application/json');
      res.end(
        streamed ? events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') : JSON.stringify(message),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base_url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const provider = {
    name: 'claude',
    kind: 'anthropic' as const,
    base_url,
    api_key_file: keyFile('sk-ant'),
    models: [{ name: 'claude' }],
  };
  router = await startConfigured({ providers: [provider] });
});
afterAll(async () => {
  await router.close();
  server.closeAllConnections();
  server.close();
});

const parameters = { type: 'object', properties: { city: { type: 'string' } } };
const conversation = {
  model: 'claude',
  max_tokens: 64,
  tools: [{ type: 'function', function: { name: 'weather', description: 'of a city', parameters } }],
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'How is Oslo?' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_0', type: 'function', function: { name: 'weather', arguments: '{"city":"Bergen"}' } }],
    },
    { role: 'tool', tool_call_id: 'call_0', content: 'rain' },
  ],
};
const calls = [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }];

test('a conversation with tools is put in Anthropic’s words, and the answer in OpenAI’s', async () => {
  const response = await router.fetch('/v1/chat/completions', { json: conversation });
  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { content: 'Let me see.', tool_calls: calls }, finish_reason: 'tool_calls' }],
    usage: { prompt_tokens: 7, completion_tokens: 1, total_tokens: 8 },
  });
  expect(asked.at(-1)).toMatchObject({
    headers: { 'x-api-key': 'sk-ant', 'anthropic-version': '2023-06-01' },
    body: {
      model: 'claude',
      max_tokens: 64,
      system: 'Be brief.',
      tools: [{ name: 'weather', description: 'of a city', input_schema: parameters }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'How is Oslo?' }] },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'call_0', name: 'weather', input: { city: 'Bergen' } }],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'call_0', content: [{ type: 'text', text: 'rain' }] }],
        },
      ],
    },
  });
});

test('tool calls come in pieces that put together are the call, and usage comes last', async () => {
  const json = { ...conversation, stream: true, stream_options: { include_usage: true } };
  const data = await eventData(await router.fetch('/v1/chat/completions', { json }));
  expect(data.at(-1)).toBe('[DONE]');
  const chunks = data.slice(0, -1).map((line) => JSON.parse(line));
  const pieces: Json[] = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  expect(pieces[0]).toMatchObject({ index: 0, id: 'call_1', type: 'function', function: { name: 'weather' } });
  expect(pieces.map((piece) => String(piece.function.arguments)).join('')).toBe('{"city":"Oslo"}');
  expect(chunks.at(-2).choices[0].finish_reason).toBe('tool_calls');
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 },
  });
});
