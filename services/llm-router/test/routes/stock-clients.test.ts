import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { generateText, streamText } from 'ai';
import OpenAI, { NotFoundError } from 'openai';
import { exec } from '../../../../hack/machine/exec.ts';
import { startRouter } from '../harness/start-router.ts';
import type { TestRouter } from '../harness/start-router.ts';

let router: TestRouter;
let baseURL: string;
let apiKey: string;
beforeAll(async () => {
  router = await startRouter();
  baseURL = `${router.url}/v1`;
  apiKey = await router.context.testIdentity.token('llm-router');
});
afterAll(() => router.close());

const model = 'smollm2-135m-instruct';
const encoder = 'bge-small-en-v1.5';
const messages = [{ role: 'user' as const, content: 'Say hello.' }];

describe('the client openai', () => {
  const client = (): OpenAI => new OpenAI({ baseURL, apiKey });

  test('completes, and streams with usage', async () => {
    const whole = await client().chat.completions.create({ model, messages, max_tokens: 8, temperature: 0 });
    const stream = await client().chat.completions.create({
      ...{ model, messages, max_tokens: 8, temperature: 0 },
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let tokens: number | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.total_tokens ?? tokens;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(tokens).toBe(whole.usage?.total_tokens);
  });

  test('embeds, by its default of base64', async () => {
    const { data } = await client().embeddings.create({ model: encoder, input: ['one', 'two'] });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([384, 384]);
    expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 4);
  });

  test('lists models, and knows what a missing one is', async () => {
    const { data } = await client().models.list();
    expect(data.map(({ id }) => id).sort()).toEqual([encoder, model]);
    const missing = client().chat.completions.create({ model: 'gpt-99', messages });
    await expect(missing).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe('the AI SDK', () => {
  const provider = (): ReturnType<typeof createOpenAICompatible> =>
    createOpenAICompatible({ name: 'platform', baseURL, apiKey });

  test('generates and streams', async () => {
    const settings = { model: provider()(model), messages, maxOutputTokens: 8, temperature: 0 };
    const { text, usage } = await generateText(settings);
    expect(text).not.toBe('');
    expect(usage.outputTokens).toBeGreaterThan(0);
    let streamed = '';
    for await (const piece of streamText(settings).textStream) streamed += piece;
    expect(streamed.trim()).toBe(text.trim());
  });
});

describe('LangChain', () => {
  test('chats and embeds', async () => {
    const configuration = { baseURL };
    const chat = new ChatOpenAI({ model, apiKey, configuration, maxTokens: 8, temperature: 0 });
    expect((await chat.invoke('Say hello.')).text).not.toBe('');
    const embeddings = new OpenAIEmbeddings({ model: encoder, apiKey, configuration });
    const [one, two] = await embeddings.embedDocuments(['one', 'two']);
    expect([one?.length, two?.length]).toEqual([384, 384]);
  });
});

describe('curl', () => {
  const curl = (path: string, body: object, ...more: readonly string[]): Promise<string> => {
    const headers = [`authorization: Bearer ${apiKey}`, 'content-type: application/json'].flatMap((one) => ['-H', one]);
    return exec('curl', ['-sS', ...more, ...headers, '-d', JSON.stringify(body), baseURL + path]);
  };

  test('chats, streams and embeds', async () => {
    const settings = { model, messages, max_tokens: 8, temperature: 0 };
    const whole = JSON.parse(await curl('/chat/completions', settings)) as {
      choices: { message: { content: string } }[];
    };
    const events = await curl('/chat/completions', { ...settings, stream: true }, '--no-buffer');
    const streamed = [...events.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text).join('');
    expect(JSON.parse(`"${streamed}"`)).toBe(whole.choices[0]?.message.content);
    expect(events.endsWith('data: [DONE]\n\n')).toBe(true);
    const { data } = JSON.parse(await curl('/embeddings', { model: encoder, input: 'one' })) as {
      data: { embedding: number[] }[];
    };
    expect(data[0]?.embedding).toHaveLength(384);
  });

  test('is told what is wrong', async () => {
    const reply = await curl('/chat/completions', { model: 'gpt-99', messages }, '-w', '\n%{http_code}');
    expect(reply).toContain('"param":"model"');
    expect(reply.endsWith('\n404')).toBe(true);
  });
});
