import { jsonReply } from '../harness/json-reply.ts';
import type { JsonReply } from '../harness/json-reply.ts';
import { startRouter } from '../harness/start-router.ts';
import type { TestRouter } from '../harness/start-router.ts';

let router: TestRouter;
beforeAll(async () => {
  router = await startRouter();
});
afterAll(() => router.close());

const model = 'bge-small-en-v1.5';

async function embed(request: object): Promise<JsonReply> {
  return jsonReply(await router.fetch('/v1/embeddings', { json: { model, ...request } }));
}

function similarity(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

test('texts that mean the same are close, others are not, and every vector has length 1', async () => {
  const input = ['The cat sits on the mat.', 'A cat is sitting on a rug.', 'Quarterly revenue fell.'];
  const { body } = await embed({ input });
  const [cat, alike, other] = body.data.map(({ embedding }: { embedding: number[] }) => embedding) as number[][];
  expect(cat).toHaveLength(384);
  expect(similarity(cat!, cat!)).toBeCloseTo(1, 5);
  expect(similarity(cat!, alike!)).toBeGreaterThan(similarity(cat!, other!) + 0.3);
  expect(body.usage.prompt_tokens).toBeGreaterThan(20);
});

test('base64 holds the same numbers as little-endian floats', async () => {
  const input = 'one text';
  const numbers = (await embed({ input })).body.data[0].embedding as number[];
  const encoded = (await embed({ input, encoding_format: 'base64' })).body.data[0].embedding as string;
  const bytes = Buffer.from(encoded, 'base64');
  expect(Array.from({ length: 384 }, (_, index) => bytes.readFloatLE(index * 4))).toEqual(numbers);
});

test('tokens as OpenAI counts them are the text that they stand for', async () => {
  const { encode } = await import('gpt-tokenizer/encoding/cl100k_base');
  const text = 'Tokens of one text, é and all.';
  const expected = (await embed({ input: text })).body.data[0].embedding as number[];
  const alone = (await embed({ input: encode(text) })).body.data[0].embedding as number[];
  const second = (await embed({ input: [encode('other'), encode(text)] })).body.data[1].embedding as number[];
  expect(similarity(alone, expected)).toBeCloseTo(1, 5);
  // Beside a text of another length the numbers are rounded otherwise.
  expect(similarity(second, expected)).toBeGreaterThan(0.99);
});

test('many texts come back in their order, each as it would alone', async () => {
  const input = Array.from(
    { length: 70 },
    (_, index) => `text number ${String(index)} ${'and more '.repeat(index % 9)}`,
  );
  const { body } = await embed({ input });
  expect(body.data.map(({ index }: { index: number }) => index)).toEqual(input.map((_, index) => index));
  const alone = (await embed({ input: input[41] })).body.data[0].embedding as number[];
  expect(similarity(body.data[41].embedding as number[], alone)).toBeGreaterThan(0.99);
});

test('a text beyond 512 tokens is refused with its count and its place', async () => {
  const { status, body } = await embed({ input: ['short', 'word '.repeat(600)] });
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ code: 'context_length_exceeded', param: 'input.1' });
  expect(body.error.message).toContain('602 tokens, and the model takes at most 512');
});

test('an empty text, no text, other dimensions and a chat model are refused', async () => {
  expect((await embed({ input: '' })).status).toBe(400);
  expect((await embed({ input: [] })).status).toBe(400);
  expect((await embed({ input: 'a', dimensions: 100 })).body.error).toMatchObject({ param: 'dimensions' });
  const wrong = await embed({ input: 'a', model: 'smollm2-135m-instruct' });
  expect(wrong).toMatchObject({ status: 404, body: { error: { code: 'model_not_found' } } });
  expect(wrong.body.error.message).toContain('bge-small-en-v1.5');
});

test('more texts than may wait are refused with a time, and others are served meanwhile', async () => {
  const small = await startRouter({ env: { LLM_ENCODER_MAX_WAITING: '64' } });
  try {
    const input = Array.from({ length: 60 }, (_, index) => `sentence ${String(index)} to be encoded`);
    const ask = async (): Promise<Response> => await small.fetch('/v1/embeddings', { json: { model, input } });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await small.close();
  }
});
