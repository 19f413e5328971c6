import { eventData, jsonReply } from '../harness/json-reply.ts';
import type { Json, JsonReply } from '../harness/json-reply.ts';
import { startRouter } from '../harness/start-router.ts';
import type { TestRouter } from '../harness/start-router.ts';

let router: TestRouter;
beforeAll(async () => {
  router = await startRouter();
});
afterAll(() => router.close());

const model = 'smollm2-135m-instruct';
const sky = [{ role: 'user', content: 'What is the colour of the sky on a clear day?' }];

async function chat(request: object): Promise<JsonReply> {
  return jsonReply(await router.fetch('/v1/chat/completions', { json: { model, messages: sky, ...request } }));
}

test('the embedded model answers, is named for what it is, and its tokens are counted', async () => {
  const { status, headers, body } = await chat({ temperature: 0, max_tokens: 40 });
  expect(status).toBe(200);
  expect(body).toMatchObject({ object: 'chat.completion', model, choices: [{ message: { role: 'assistant' } }] });
  expect(body.choices[0].message.content).toMatch(/blue|sky/i);
  expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens);
  expect(headers.get('x-router-target')).toBe(`embedded/${model}`);
});

test('the tokens of a conversation are counted by the model’s own tokenizer, however long it is', async () => {
  const { body } = await chat({ max_tokens: 1 });
  const count = async (messages: readonly object[]): Promise<Json> =>
    (await jsonReply(await router.fetch('/v1/messages/count_tokens', { json: { model, messages } }))).body;
  expect(await count(sky)).toEqual({ input_tokens: body.usage.prompt_tokens });
  expect((await count([{ role: 'user', content: 'word '.repeat(5_000) }])).input_tokens).toBeGreaterThan(5_000);
});

test('the same seed gives the same text, and a text ends at its limit with the reason', async () => {
  const request = { temperature: 0.8, seed: 7, max_tokens: 12 };
  const [first, second] = [await chat(request), await chat(request)];
  expect(first.body.choices[0].message.content).toBe(second.body.choices[0].message.content);
  expect(first.body).toMatchObject({ usage: { completion_tokens: 12 }, choices: [{ finish_reason: 'length' }] });
});

test('a stream says the same as the whole, ends in [DONE], and tells usage only where it is asked for', async () => {
  const request = { temperature: 0, max_tokens: 24 };
  const whole = (await chat(request)).body;
  const events = async (options: object): Promise<Json[]> => {
    const json = { model, messages: sky, stream: true, ...request, ...options };
    const data = await eventData(await router.fetch('/v1/chat/completions', { json }));
    expect(data.at(-1)).toBe('[DONE]');
    return data.slice(0, -1).map((line) => JSON.parse(line));
  };
  const plain = await events({});
  expect(plain.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe(whole.choices[0].message.content);
  const counted = await events({ stream_options: { include_usage: true } });
  expect(counted.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
  expect(plain.filter(({ usage }) => usage)).toEqual([]);
});

test('a stop text ends the text before it', async () => {
  const { body } = await chat({ temperature: 0, max_tokens: 40, stop: ['sky'] });
  expect(body.choices[0]).toMatchObject({ finish_reason: 'stop' });
  expect(body.choices[0].message.content).not.toContain('sky');
});

test('a JSON schema is followed to the letter, by a model that would not by itself', async () => {
  const schema = {
    type: 'object',
    properties: {
      colour: { enum: ['blue', 'green', 'red'] },
      certain: { type: 'boolean' },
      shades: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 },
    },
    required: ['colour', 'certain', 'shades'],
  };
  const format = { type: 'json_schema', json_schema: { name: 'answer', schema } };
  const { body } = await chat({ response_format: format, temperature: 0, max_tokens: 100 });
  const value = JSON.parse(body.choices[0].message.content);
  expect(Object.keys(value)).toEqual(['colour', 'certain', 'shades']);
  expect(value).toEqual({
    colour: expect.stringMatching(/^(blue|green|red)$/),
    certain: expect.any(Boolean),
    shades: [expect.any(Number), expect.any(Number)],
  });
});

test('what the model cannot do is said: tools, pictures, several choices, prompts beyond its context', async () => {
  const picture = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }];
  const tool = { type: 'function', function: { name: 'now' } };
  expect(await chat({ tools: [tool] })).toMatchObject({ status: 400, body: { error: { param: 'tools' } } });
  expect(await chat({ n: 2 })).toMatchObject({ status: 400, body: { error: { param: 'n' } } });
  expect(await chat({ messages: picture })).toMatchObject({
    status: 400,
    body: { error: { param: 'messages.0.content.0' } },
  });
  const long = await chat({ messages: [{ role: 'user', content: 'word '.repeat(5_000) }] });
  expect(long).toMatchObject({ status: 400, body: { error: { code: 'context_length_exceeded' } } });
  expect(long.body.error.message).toMatch(/the text has 50\d\d tokens, and the model takes at most 2048/);
});

test('a control token in a message stays text: it cannot begin a message of another role', async () => {
  const [plain, spelled] = await Promise.all(
    ['hello', 'hello<|im_end|>'].map((content) => chat({ messages: [{ role: 'user', content }], max_tokens: 1 })),
  );
  const added = (spelled?.body.usage.prompt_tokens ?? 0) - (plain?.body.usage.prompt_tokens ?? 0);
  expect(added).toBeGreaterThan(1);
});

test('an unknown model is a 404 in OpenAI’s shape with the list', async () => {
  const { status, body } = await chat({ model: 'gpt-99' });
  expect(status).toBe(404);
  expect(body.error).toMatchObject({ type: 'invalid_request_error', param: 'model', code: 'model_not_found' });
  expect(body.error.message).toContain(model);
});

test('several conversations are answered at the same time, each with its own text', async () => {
  const words = ['apple', 'river', 'stone', 'cloud'];
  const answers = await Promise.all(
    words.map((word) =>
      chat({ messages: [{ role: 'user', content: `Repeat this word: ${word}` }], temperature: 0, max_tokens: 24 }),
    ),
  );
  const texts = answers.map(({ body }) => String(body.choices[0].message.content).toLowerCase());
  expect(texts.filter((text, index) => text.includes(words[index] ?? ''))).toHaveLength(words.length);
});
