import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What was asked of the server. */
export interface AskedModel {
  readonly path: string;
  readonly authorization: string;
  readonly body: Record<string, unknown>;
}

/**
 * The wire format of the LLM router, with models that need no weights: vectors count words by a hash, so that texts that
 * share words are near each other; the reranker counts shared words; the chat model says what a test has told it to.
 */
export interface ModelServer {
  readonly url: string;
  readonly asked: AskedModel[];
  /** Answers instead of the models, where it does not return undefined. */
  intercept: ((asked: AskedModel, res: ServerResponse) => boolean) | undefined;
  /** What the chat model says, piece by piece. */
  said: (prompt: string) => readonly string[];
  dimensions: Record<string, number>;
  close(): Promise<void>;
}

const DIMENSIONS = 64;

export async function startModelServer(): Promise<ModelServer> {
  const model: ModelServer = {
    url: '',
    asked: [],
    intercept: undefined,
    said: () => ['I do not know.'],
    dimensions: {},
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  const server = createServer((req, res) => void answer(model, req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(model, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function answer(model: ModelServer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = JSON.parse((await text(req)) || '{}') as Record<string, unknown>;
  const asked = { path: req.url ?? '', authorization: req.headers.authorization ?? '', body };
  model.asked.push(asked);
  if (model.intercept?.(asked, res)) return;
  if (asked.path === '/v1/embeddings') sendJson(res, embeddings(model, body));
  else if (asked.path === '/v1/rerank') sendJson(res, ranking(body));
  else if (asked.path === '/v1/chat/completions') sendChat(model, body, res);
  else sendJson(res, { error: { message: `there is no ${asked.path}` } }, 404);
}

export function sendJson(res: ServerResponse, value: unknown, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function embeddings(server: ModelServer, { input, model }: Record<string, unknown>): object {
  const size = server.dimensions[model as string] ?? DIMENSIONS;
  const data = [input].flat().map((one, index) => ({
    object: 'embedding',
    index,
    embedding: Buffer.from(wordVector(one as string, size).buffer).toString('base64'),
  }));
  return { object: 'list', model, data, usage: { prompt_tokens: 0, total_tokens: 0 } };
}

/** Each word points somewhere; a text points where its words do together. */
export function wordVector(given: string, size: number = DIMENSIONS): Float32Array {
  const vector = new Float32Array(size);
  const passage = given.replace(/^Represent this sentence for searching relevant passages: /, '');
  for (const word of passage.toLowerCase().match(/[a-z0-9]+/g) ?? ['nothing']) {
    let state = 7;
    for (const letter of word) state = (Math.imul(state, 31) + letter.charCodeAt(0)) >>> 0;
    for (let i = 0; i < size; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      vector[i] = (vector[i] as number) + state / 2 ** 31 - 1;
    }
  }
  return vector;
}

function ranking({ query, documents, model }: Record<string, unknown>): object {
  const words = (value: string): Set<string> => new Set(value.toLowerCase().match(/[a-z0-9]+/g) ?? []);
  const wanted = words(query as string);
  const results = (documents as string[]).map((document, index) => ({
    index,
    relevance_score: [...words(document)].filter((word) => wanted.has(word)).length / wanted.size,
  }));
  return { id: 'rerank-1', model, results: results.sort((a, b) => b.relevance_score - a.relevance_score) };
}

function sendChat(
  server: ModelServer,
  { messages, model, stream }: Record<string, unknown>,
  res: ServerResponse,
): void {
  const prompt = (messages as { content: string }[]).map(({ content }) => content).join('\n');
  const pieces = server.said(prompt);
  if (stream !== true) {
    const message = { role: 'assistant', content: pieces.join('') };
    sendJson(res, {
      id: 'c',
      object: 'chat.completion',
      model,
      choices: [{ index: 0, message, finish_reason: 'stop' }],
    });
    return;
  }
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const content of pieces)
    res.write(`data: ${JSON.stringify({ model, choices: [{ index: 0, delta: { content } }] })}\n\n`);
  res.write(`data: ${JSON.stringify({ model, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`);
  res.end('data: [DONE]\n\n');
}
