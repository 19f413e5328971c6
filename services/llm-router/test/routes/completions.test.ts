import OpenAI from 'openai';
import { startConfigured } from '../harness/configured-router.ts';
import { eventData, jsonReply } from '../harness/json-reply.ts';
import { chunk, completion, scriptProvider, usageChunk, type ScriptedProvider } from '../harness/scripted-provider.ts';
import { startRouter, type TestRouter } from '../harness/start-router.ts';

describe('the embedded model', () => {
  const model = 'smollm2-135m-instruct';
  let router: TestRouter;
  beforeAll(async () => {
    router = await startRouter();
  });
  afterAll(() => router.close());

  test('goes on from a text, from its tokens, and from several at once', async () => {
    const client = new OpenAI({
      baseURL: `${router.url}/v1`,
      apiKey: await router.context.testIdentity.token('llm-router'),
    });
    const settings = { model, max_tokens: 4, temperature: 0 };
    const one = await client.completions.create({ ...settings, prompt: 'hello world' });
    expect(one.choices[0]).toMatchObject({ index: 0, text: expect.stringMatching(/./), finish_reason: 'length' });
    const tokens = await client.completions.create({ ...settings, prompt: [15339, 1917], echo: true });
    expect(tokens.choices[0]?.text).toBe(`hello world${one.choices[0]?.text ?? ''}`);
    const two = await client.completions.create({ ...settings, prompt: ['hello world', 'One, two,'] });
    expect(two.choices.map(({ index }) => index)).toEqual([0, 1]);
    let streamed = '';
    const stream = await client.completions.create({ ...settings, prompt: 'hello world', stream: true });
    for await (const piece of stream) streamed += piece.choices[0]?.text ?? '';
    expect(streamed).toBe(one.choices[0]?.text);
  });

  test('says what it cannot do', async () => {
    const ask = async (more: object) =>
      jsonReply(await router.fetch('/v1/completions', { json: { model, prompt: 'a', ...more } }));
    expect(await ask({ suffix: 'z' })).toMatchObject({ status: 400, body: { error: { param: 'suffix' } } });
    expect(await ask({ prompt: 'word '.repeat(4_000) })).toMatchObject({
      status: 400,
      body: { error: { param: 'prompt', code: 'context_length_exceeded' } },
    });
  });

  test('ranks documents by similarity, and says that it does', async () => {
    const documents = ['The stock market fell.', 'Oslo is the capital of Norway.', { text: 'Norway has fjords.' }];
    const json = { query: 'Which city is the capital of Norway?', documents, top_n: 2, return_documents: true };
    const { status, body } = await jsonReply(await router.fetch('/v1/rerank', { json }));
    expect([status, body]).toMatchObject([
      200,
      {
        model: 'bge-small-en-v1.5',
        method: 'embedding-similarity',
        results: [
          { index: 1, document: { text: 'Oslo is the capital of Norway.' } },
          { index: 2, document: { text: 'Norway has fjords.' } },
        ],
      },
    ]);
    expect(body.results[0].relevance_score).toBeGreaterThan(body.results[1].relevance_score);
  });

  test('a document that is too long is named', async () => {
    const json = { query: 'q', documents: ['short', 'word '.repeat(600)] };
    const { status, body } = await jsonReply(await router.fetch('/v1/rerank', { json }));
    expect([status, body.error.param]).toEqual([400, 'documents.1']);
  });

  test('without a provider nobody moderates, and the error says what to do', async () => {
    const { status, body } = await jsonReply(await router.fetch('/v1/moderations', { json: { input: 'Hi' } }));
    expect([status, body.error]).toMatchObject([
      400,
      { code: 'llm_not_configured', message: expect.stringContaining('configure a provider') },
    ]);
  });
});

describe('a provider', () => {
  let provider: ScriptedProvider;
  let router: TestRouter;
  beforeAll(async () => {
    provider = await scriptProvider(({ path, body }) => {
      if (path === '/rerank')
        return { json: { id: 'r', results: [{ index: 0, relevance_score: 0.9 }], usage: { total_tokens: 7 } } };
      if (path === '/moderations') return { json: { id: 'm', model: body.model, results: [{ flagged: true }] } };
      if (path === '/completions')
        return { json: { object: 'text_completion', choices: [{ index: 0, text: 'native' }] } };
      if (body.stream !== true) return { json: completion({ content: 'chatted' }) };
      return {
        events: [chunk({ content: 'chat' }), chunk({ content: 'ted' }), chunk({}, 'stop'), usageChunk(3, 2), '[DONE]'],
      };
    });
    router = await startConfigured({
      providers: [
        {
          name: 'house',
          kind: 'openai-compatible',
          base_url: provider.origin,
          models: [
            { name: 'writer', operations: ['completions'] },
            { name: 'chatter' },
            { name: 'ranker', operations: ['rerank'] },
            { name: 'judge', operations: ['moderations'] },
          ],
        },
      ],
    });
  });
  afterAll(async () => {
    await router.close();
    await provider.close();
  });

  const complete = async (json: object): Promise<Response> => router.fetch('/v1/completions', { json });

  test('is asked to complete where its model does, and to chat where it does that alone', async () => {
    const native = await jsonReply(await complete({ model: 'writer', prompt: 'a', suffix: 'z' }));
    expect(native.body.choices[0].text).toBe('native');
    expect(provider.requests.at(-1)).toMatchObject({ path: '/completions', body: { prompt: 'a', suffix: 'z' } });
    const chatted = await jsonReply(await complete({ model: 'chatter', prompt: 'a' }));
    expect(chatted.body).toMatchObject({
      object: 'text_completion',
      choices: [{ text: 'chatted' }],
      usage: { total_tokens: 14 },
    });
    const refused = await jsonReply(await complete({ model: 'chatter', prompt: 'a', suffix: 'z' }));
    expect([refused.status, refused.body.error.param]).toEqual([400, 'suffix']);
  });

  test('streams a chat as a completion, with usage where it is asked for', async () => {
    const json = { model: 'chatter', prompt: 'a', stream: true, stream_options: { include_usage: true } };
    const data = await eventData(await complete(json));
    expect(data.at(-1)).toBe('[DONE]');
    const parsed = data.slice(0, -1).map((line) => JSON.parse(line));
    expect(parsed.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe('chatted');
    expect(parsed.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 5 } });
  });

  test('ranks and moderates by the model that does, when none is named', async () => {
    const ranked = await router.fetch('/v1/rerank', { json: { query: 'q', documents: ['d'] } });
    expect([ranked.headers.get('x-router-target'), await ranked.json()]).toMatchObject([
      'house/ranker',
      { results: [{ relevance_score: 0.9 }] },
    ]);
    const judged = await router.fetch('/v1/moderations', { json: { input: 'Hi' } });
    expect(await judged.json()).toMatchObject({ model: 'judge', results: [{ flagged: true }] });
  });
});
