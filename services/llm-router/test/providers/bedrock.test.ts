import Anthropic from '@anthropic-ai/sdk';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { startConfigured } from '../harness/configured-router.ts';
import { eventData, jsonReply } from '../harness/json-reply.ts';
import { completion, scriptProvider, type ScriptedProvider } from '../harness/scripted-provider.ts';
import type { TestRouter } from '../harness/start-router.ts';

/** A message of application/vnd.amazon.eventstream: lengths, headers, payload, each part with its checksum. */
function eventMessage(headers: Readonly<Record<string, string>>, payload: object): Buffer {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const lengths = Buffer.from([7, 0, value.length]);
      return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), lengths, Buffer.from(value)]);
    }),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  const checksum = (bytes: Buffer): Buffer => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    return sum;
  };
  const message = Buffer.concat([prelude, checksum(prelude), head, body]);
  return Buffer.concat([message, checksum(message)]);
}

const event = (name: string, payload: object): Buffer =>
  eventMessage({ ':event-type': name, ':content-type': 'application/json', ':message-type': 'event' }, payload);

const begun = [
  event('messageStart', { role: 'assistant' }),
  event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Let me see.' } }),
  event('contentBlockStop', { contentBlockIndex: 0 }),
];
const complete = [
  ...begun,
  event('contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'c2', name: 'weather' } } }),
  event('contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '{"city":' } } }),
  event('contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '"Oslo"}' } } }),
  event('contentBlockStop', { contentBlockIndex: 1 }),
  event('messageStop', { stopReason: 'tool_use' }),
  event('metadata', { usage: { inputTokens: 9, outputTokens: 12, totalTokens: 21 }, metrics: { latencyMs: 1 } }),
];
const thrown = eventMessage(
  { ':exception-type': 'modelStreamErrorException', ':content-type': 'application/json', ':message-type': 'exception' },
  { message: 'broken' },
);
const streams: Readonly<Record<string, readonly Buffer[]>> = { cut: begun, thrown: [...begun, thrown] };

const thought = { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' };
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  content: [thought],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, cache_read_input_tokens: 20, output_tokens: 3 },
};
const claudeEvents: readonly object[] = [
  { type: 'message_start', message: { ...message, content: [] } },
  { type: 'content_block_start', index: 0, content_block: { ...thought, thinking: '', signature: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'c2ln' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
];
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64');

/** Anthropic's own words, in Bedrock's envelopes. */
function claude(path: string): { json: object } | { bytes: Buffer; contentType: string } {
  if (path.endsWith('count-tokens')) return { json: { inputTokens: 21 } };
  if (path.endsWith('/invoke')) return { json: message };
  const bytes = Buffer.concat(claudeEvents.map((one) => event('chunk', { bytes: base64(one) })));
  return { bytes, contentType: 'application/vnd.amazon.eventstream' };
}

let provider: ScriptedProvider;
let other: ScriptedProvider;
let router: TestRouter;

beforeAll(async () => {
  provider = await scriptProvider(({ path, body }) => {
    if (path.includes('anthropic.claude')) return claude(path);
    const said = body.messages[0].content[0].text;
    if (said === 'throttled') return { status: 429, json: { __type: 'ThrottlingException', message: 'slow down' } };
    if (said === 'wrong') return { status: 400, json: { __type: 'ValidationException', message: 'too rude' } };
    if (path.endsWith('converse-stream')) {
      return { bytes: Buffer.concat(streams[said] ?? complete), contentType: 'application/vnd.amazon.eventstream' };
    }
    const toolUse = { toolUseId: 'c2', name: 'weather', input: { city: 'Oslo' } };
    const message = { role: 'assistant', content: [{ text: 'Let me see.' }, { toolUse }] };
    const usage = { inputTokens: 9, outputTokens: 5, totalTokens: 14 };
    return { json: { output: { message }, stopReason: 'tool_use', usage, metrics: { latencyMs: 1 } } };
  });
  other = await scriptProvider(() => ({ json: completion({ content: 'the other' }) }));
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-keys-'));
  writeFileSync(join(folder, 'access-key-id'), 'AKIDEXAMPLE\n');
  writeFileSync(join(folder, 'secret-access-key'), 'wJalrXUtnFEMI\n');
  router = await startConfigured({
    providers: [
      {
        name: 'aws',
        kind: 'bedrock',
        region: 'eu-central-1',
        base_url: provider.origin,
        credentials_dir: folder,
        models: [{ name: 'claude' }, { name: 'eu.anthropic.claude-sonnet-5-v1:0' }],
      },
      { name: 'other', kind: 'openai-compatible', base_url: other.origin },
    ],
    routes: [
      {
        model: 'routed',
        targets: [
          { provider: 'aws', model: 'claude' },
          { provider: 'other', model: 'm' },
        ],
      },
    ],
  });
});

afterAll(async () => {
  await router.close();
  await provider.close();
  await other.close();
});

const ask = async (content: string, more: object = {}): Promise<Response> =>
  router.fetch('/v1/chat/completions', { json: { model: 'claude', messages: [{ role: 'user', content }], ...more } });

test('a chat is put in Converse’s words, signed for its region, and answered in OpenAI’s', async () => {
  const json = {
    model: 'claude',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Weather?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      {
        role: 'assistant',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'Rain.' },
    ],
    max_tokens: 64,
    stop: ['END'],
    tools: [
      { type: 'function', function: { name: 'weather', description: 'Tells it', parameters: { type: 'object' } } },
    ],
    tool_choice: { type: 'function', function: { name: 'weather' } },
  };
  const { body } = await jsonReply(await router.fetch('/v1/chat/completions', { json }));
  expect(body).toMatchObject({
    model: 'claude',
    choices: [
      {
        message: {
          content: 'Let me see.',
          tool_calls: [{ id: 'c2', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
        },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
  });
  const { path, headers, body: sent } = provider.requests.at(-1) ?? {};
  expect(path).toBe('/model/claude/converse');
  expect(headers?.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/bedrock\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
  );
  expect(sent).toEqual({
    system: [{ text: 'Be brief.' }],
    messages: [
      { role: 'user', content: [{ text: 'Weather?' }, { image: { format: 'png', source: { bytes: 'AAAA' } } }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'c1', name: 'weather', input: {} } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'c1', content: [{ text: 'Rain.' }] } }] },
    ],
    inferenceConfig: { maxTokens: 64, stopSequences: ['END'] },
    toolConfig: {
      tools: [{ toolSpec: { name: 'weather', description: 'Tells it', inputSchema: { json: { type: 'object' } } } }],
      toolChoice: { tool: { name: 'weather' } },
    },
  });
});

test('a stream has text, the pieces of calls, and usage', async () => {
  const data = await eventData(await ask('go', { stream: true, stream_options: { include_usage: true } }));
  expect(data.at(-1)).toBe('[DONE]');
  const chunks = data.slice(0, -1).map((line) => JSON.parse(line));
  const deltas = chunks.map(({ choices }) => choices[0]?.delta ?? {});
  expect(deltas.map(({ content }) => content ?? '').join('')).toBe('Let me see.');
  expect(deltas.flatMap(({ tool_calls: calls }) => calls?.[0]?.function.arguments ?? []).join('')).toBe(
    '{"city":"Oslo"}',
  );
  expect(chunks.at(-1)).toMatchObject({ usage: { prompt_tokens: 9, completion_tokens: 12 } });
});

test.each(['cut', 'thrown'])('a stream that is %s says that it broke off', async (what) => {
  const text = await (await ask(what, { stream: true })).text().catch(() => 'broken off');
  expect(text).not.toContain('[DONE]');
  expect(text).toMatch(/broken off|llm_stream_broken/);
});

test('one that is throttled is replaced by the next, and what it rejects comes back in its words', async () => {
  const replaced = await ask('throttled', { model: 'routed' });
  expect(replaced.headers.get('x-router-target')).toBe('other/m');
  const { status, body } = await jsonReply(await ask('wrong', { model: 'routed' }));
  expect([status, body.error]).toMatchObject([400, { message: 'too rude', code: 'validation_exception' }]);
});

test('Anthropic’s models are asked in Anthropic’s own words by Anthropic’s clients', async () => {
  const authToken = await router.context.testIdentity.token('llm-router');
  const client = new Anthropic({ baseURL: router.url, authToken, apiKey: null, maxRetries: 0 });
  const asked = {
    model: 'eu.anthropic.claude-sonnet-5-v1:0',
    system: [{ type: 'text' as const, text: 'Be brief.', cache_control: { type: 'ephemeral' as const } }],
    messages: [
      { role: 'assistant' as const, content: [{ type: 'thinking' as const, thinking: 'Hm.', signature: 'c2ln' }] },
      { role: 'user' as const, content: 'Hi' },
    ],
  };
  const { model, ...words } = asked;
  const beta = { headers: { 'anthropic-beta': 'one,two' } };
  expect(await client.messages.create({ ...asked, max_tokens: 8 }, beta)).toMatchObject(message);
  expect(provider.requests.at(-1)).toMatchObject({
    path: `/model/${encodeURIComponent(model)}/invoke`,
    body: { ...words, max_tokens: 8, anthropic_version: 'bedrock-2023-05-31', anthropic_beta: ['one', 'two'] },
  });
  const stream = client.messages.stream({ ...asked, max_tokens: 8 });
  expect(await stream.finalMessage()).toMatchObject(message);
  expect(await client.messages.countTokens(asked)).toEqual({ input_tokens: 21 });
});
