/** Programs that the router is measured with: `node router-yardstick.ts upstream` or `… proxy <url>`; each prints its port. */
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

const [kind, target = ''] = process.argv.slice(2);
const EVENTS = 50;

/** A chat completion of 580 bytes, as small as they come. */
function completion(): string {
  const message = { role: 'assistant', content: '' };
  const usage = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const value = { id: 'chatcmpl-fixed', object: 'chat.completion', created: 1, model: 'fixed', choices, usage };
  message.content = 'x'.repeat(580 - JSON.stringify(value).length);
  return JSON.stringify(value);
}

function events(): string {
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-fixed', object: 'chat.completion.chunk', created: 1, model: 'fixed', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const pieces = Array.from({ length: EVENTS - 1 }, (_, index) => chunk({ content: `word${String(index)} ` }, null));
  return [...pieces, chunk({}, 'stop'), 'data: [DONE]\n\n'].join('');
}

function upstream(): RequestListener {
  const [plain, stream] = [completion(), events()];
  return (req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
    req.on('end', () => {
      const streamed = body.includes('"stream":true');
      res.setHeader('content-type', streamed ? 'text/event-stream' : 'application/json');
      res.end(streamed ? stream : plain);
    });
  };
}

/** Nothing but passing on: node:http before, undici behind. */
function proxy(url: string): RequestListener {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: 256 });
  return (req: IncomingMessage, res: ServerResponse) => {
    const headers = { 'content-type': 'application/json', 'content-length': req.headers['content-length'] ?? '0' };
    const path = pathname.replace(/\/v1$/, '') + (req.url ?? '');
    pool.stream({ path, method: 'POST', headers, body: req, opaque: res }, ({ statusCode, headers: given }) => {
      res.writeHead(statusCode, { 'content-type': String(given['content-type']) });
      return res;
    }).catch(() => res.destroy()); // prettier-ignore
  };
}

const server = createServer(kind === 'upstream' ? upstream() : proxy(target));
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
