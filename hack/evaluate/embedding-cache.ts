/** The router's embeddings, kept on disk by the hash of model and text: what has been embedded once is not embedded again. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { describeCheckout, statePath } from '../machine/checkout.ts';

/** A server of the router's wire format; everything but embeddings it passes on. */
export interface EmbeddingCache {
  readonly url: string;
  /** Texts that were asked for, and those of them that were known. */
  readonly counts: { asked: number; known: number };
  close(): Promise<void>;
}

interface EmbeddingRequest {
  readonly model: string;
  readonly input: string[];
}

/** @param upstream address of the router; asked for when it is first needed */
export async function startEmbeddingCache(upstream: () => Promise<string>): Promise<EmbeddingCache> {
  const file = statePath(describeCheckout(), 'embeddings', 'vectors.txt');
  const known = await readVectors(file);
  const counts = { asked: 0, known: 0 };
  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => res.destroy(error as Error));
  });
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await buffer(req);
    if (req.url !== '/v1/embeddings') return await pass(req, res, { body, upstream: await upstream() });
    const { model, input } = JSON.parse(body.toString()) as EmbeddingRequest;
    const keys = input.map((text) => createHash('sha256').update(`${model}\n${text}`).digest('hex'));
    const fresh = input.filter((_text, i) => !known.has(keys[i] as string));
    counts.asked += input.length;
    counts.known += input.length - fresh.length;
    if (fresh.length > 0) {
      const reply = await embed(req, { model, input: fresh }, await upstream());
      if (!reply.ok) return await copy(reply, res);
      const { data } = (await reply.json()) as { data: { index: number; embedding: string }[] };
      const lines = data.map(({ index, embedding }) => {
        const key = keys[input.indexOf(fresh[index] as string)] as string;
        known.set(key, embedding);
        return `${key} ${embedding}\n`;
      });
      await appendFile(file, lines.join(''));
    }
    const data = keys.map((key, index) => ({ object: 'embedding', index, embedding: known.get(key) }));
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ object: 'list', model, data, usage: { prompt_tokens: 0, total_tokens: 0 } }));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A line that a process which was killed has left unfinished is not taken. */
async function readVectors(file: string): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  if (!existsSync(file)) return known;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [key = '', vector = ''] = line.split(' ');
    if (key.length === 64 && vector.length > 0 && vector.length % 4 === 0) known.set(key, vector);
  }
  return known;
}

async function embed(req: IncomingMessage, request: EmbeddingRequest, upstream: string): Promise<Response> {
  return await fetch(`${upstream}/v1/embeddings`, {
    method: 'POST',
    headers: { authorization: req.headers.authorization ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, encoding_format: 'base64' }),
  });
}

async function pass(
  req: IncomingMessage,
  res: ServerResponse,
  { body, upstream }: { body: Buffer; upstream: string },
): Promise<void> {
  const { authorization = '', 'content-type': type } = req.headers;
  const headers = { authorization, ...(type !== undefined && { 'content-type': type }) };
  const reply = await fetch(`${upstream}${req.url ?? ''}`, {
    method: req.method ?? 'GET',
    headers,
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  await copy(reply, res);
}

async function copy(reply: Response, res: ServerResponse): Promise<void> {
  res.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'application/json' });
  for await (const bytes of reply.body ?? []) res.write(bytes);
  res.end();
}
