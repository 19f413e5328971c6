import { keyFile, startConfigured } from '../harness/configured-router.ts';
import { eventData, jsonReply, type Json } from '../harness/json-reply.ts';
import { scriptProvider, type ScriptedProvider } from '../harness/scripted-provider.ts';
import type { TestRouter } from '../harness/start-router.ts';

const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 5, thoughtsTokenCount: 2, totalTokenCount: 16 };
const call = { functionCall: { name: 'weather', args: { city: 'Oslo' } } };

let provider: ScriptedProvider;
let router: TestRouter;

beforeAll(async () => {
  provider = await scriptProvider(({ path, body }) => {
    if (path.includes('countTokens')) return { json: { totalTokens: 42 } };
    if (path.includes('batchEmbedContents')) {
      const [{ content }] = body.requests;
      const embeddings = body.requests.map(() => ({ values: [0.6, 0.8] }));
      const told = content.parts[0].text === 'told' && { usageMetadata: { promptTokenCount: 5 } };
      return { json: { embeddings, ...told } };
    }
    const parts = [{ text: 'thinking', thought: true }, { text: 'Let me see.' }];
    if (!path.includes('stream')) {
      const content = { role: 'model', parts: [...parts, call] };
      return { json: { candidates: [{ content, finishReason: 'STOP' }], usageMetadata, responseId: 'r1' } };
    }
    return {
      events: [
        { candidates: [{ content: { role: 'model', parts: [{ text: 'Let me ' }] } }] },
        { candidates: [{ content: { role: 'model', parts: [{ text: 'see.' }, call] } }] },
        ...(body.contents[0].parts[0].text === 'cut'
          ? []
          : [{ candidates: [{ finishReason: 'STOP' }], usageMetadata }]),
      ],
    };
  });
  router = await startConfigured({
    providers: [
      {
        name: 'google',
        kind: 'google',
        base_url: `${provider.origin}/v1beta`,
        api_key_file: keyFile('AIza'),
        models: [{ name: 'gemini', operations: ['chat', 'embeddings'] }],
      },
    ],
  });
});

afterAll(async () => {
  await router.close();
  await provider.close();
});

const messages = [
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
    content: null,
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
  },
  { role: 'tool', tool_call_id: 'c1', content: 'Rain.' },
];

test('a chat is put in Gemini’s words, and its answer in OpenAI’s', async () => {
  const json = {
    model: 'gemini',
    messages,
    max_tokens: 64,
    stop: 'END',
    tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
    tool_choice: 'required',
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
  };
  const { body } = await jsonReply(await router.fetch('/v1/chat/completions', { json }));
  expect(body).toMatchObject({
    choices: [
      {
        message: {
          content: 'Let me see.',
          tool_calls: [{ function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
        },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 },
  });
  expect(provider.requests.at(-1)).toMatchObject({
    path: '/v1beta/models/gemini:generateContent',
    headers: { 'x-goog-api-key': 'AIza' },
    body: {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Weather?' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
        { role: 'model', parts: [{ functionCall: { name: 'weather', args: { city: 'Oslo' } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'weather', response: { result: 'Rain.' } } }] },
      ],
      generationConfig: {
        maxOutputTokens: 64,
        stopSequences: ['END'],
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object' },
      },
      toolConfig: { functionCallingConfig: { mode: 'ANY' } },
    },
  });
});

test('a stream has text, calls and usage, and one that is cut says so', async () => {
  const json = { model: 'gemini', messages, stream: true, stream_options: { include_usage: true } };
  const data = await eventData(await router.fetch('/v1/chat/completions', { json }));
  const chunks = data.slice(0, -1).map((line) => JSON.parse(line));
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Let me see.');
  expect(chunks[1].choices[0].delta.tool_calls[0]).toMatchObject({ index: 0, function: { name: 'weather' } });
  expect(chunks.at(-2).choices[0].finish_reason).toBe('tool_calls');
  expect(chunks.at(-1).usage.total_tokens).toBe(16);
  const cut = { ...json, messages: [{ role: 'user', content: 'cut' }] };
  const text = await (await router.fetch('/v1/chat/completions', { json: cut })).text().catch(() => 'cut off');
  expect(text).toMatch(/cut off|llm_stream_broken/);
});

test('texts become vectors, and their tokens are counted by Gemini or, said to be so, by an estimate', async () => {
  const embed = async (input: string[]): Promise<Json> => {
    const reply = await jsonReply(await router.fetch('/v1/embeddings', { json: { model: 'gemini', input } }));
    const path = `/v1/router/decisions/${String(reply.headers.get('x-request-id'))}`;
    return { ...reply.body, decision: (await jsonReply(await router.fetch(path))).body };
  };
  const estimated = await embed(['abc', 'defg']);
  expect(estimated.data).toHaveLength(2);
  expect(estimated.data[0].embedding[0]).toBeCloseTo(0.6);
  expect(estimated.usage).toEqual({ prompt_tokens: 3, total_tokens: 3, estimated: true });
  expect(estimated.decision).toMatchObject({ prompt_tokens: 3, usage_estimated: true });
  const told = await embed(['told', 'b']);
  expect(told.usage).toEqual({ prompt_tokens: 5, total_tokens: 5 });
  expect(told.decision).toMatchObject({ prompt_tokens: 5, usage_estimated: false });
});

test('effort becomes a budget of thoughts, which come back beside the answer; prompts are counted by Gemini', async () => {
  const json = { model: 'gemini', messages: [{ role: 'user', content: 'Hi' }], reasoning_effort: 'medium' };
  const { body } = await jsonReply(await router.fetch('/v1/chat/completions', { json }));
  expect(body.choices[0].message).toMatchObject({ content: 'Let me see.', reasoning_content: 'thinking' });
  expect(body.usage.completion_tokens_details).toEqual({ reasoning_tokens: 2 });
  expect(provider.requests.at(-1)?.body.generationConfig).toEqual({
    thinkingConfig: { thinkingBudget: 8_192, includeThoughts: true },
  });
  const count = await router.fetch('/v1/messages/count_tokens', { json: { model: 'gemini', messages: json.messages } });
  expect(await count.json()).toEqual({ input_tokens: 42 });
  expect(provider.requests.at(-1)).toMatchObject({
    path: '/v1beta/models/gemini:countTokens',
    body: { generateContentRequest: { model: 'models/gemini', contents: [{ parts: [{ text: 'Hi' }] }] } },
  });
});
