/** Programs that the router is measured with: `node yardstick.ts upstream`, `… proxy <url>`; each prints its port. */
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { STREAM_EVENTS, pacedMark } from './conversation.ts';

const [kind, target = ''] = process.argv.slice(2);
const PACE_MS = 10;
const PACED_EVENTS = 5;

const head = { id: 'chatcmpl-fixed', created: 1, model: 'fixed' };
const usage = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 };

/** A chat completion of 580 bytes, as small as they come. */
function completion(): string {
  const message = { role: 'assistant', content: '' };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const value = { ...head, object: 'chat.completion', choices, usage };
  message.content = 'x'.repeat(580 - JSON.stringify(value).length);
  return JSON.stringify(value);
}

/** What a provider sends for a stream, event by event. */
function events(count: number, withUsage: boolean): string[] {
  const worded = (choices: object[], more: object = {}): string =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
  const chunk = (delta: object, finish: string | null): string =>
    worded([{ index: 0, delta, finish_reason: finish }], withUsage ? { usage: null } : {});
  const pieces = Array.from({ length: count - 1 }, (_, index) => chunk({ content: `word${String(index)} ` }, null));
  return [...pieces, chunk({}, 'stop'), ...(withUsage ? [worded([], { usage })] : []), 'data: [DONE]\n\n'];
}

function upstream(): RequestListener {
  const plain = completion();
  const streams = [false, true].map((withUsage) => events(STREAM_EVENTS, withUsage));
  const paced = [false, true].map((withUsage) => events(PACED_EVENTS, withUsage));
  return (req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
    req.on('end', () => {
      if (!/"stream":\s*true/.test(body)) return void res.setHeader('content-type', 'application/json').end(plain);
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const withUsage = /"include_usage":\s*true/.test(body) ? 1 : 0;
      if (body.includes(pacedMark)) sendPaced(res, paced[withUsage] ?? []);
      else for (const event of streams[withUsage] ?? []) res.write(event);
      if (!body.includes(pacedMark)) res.end();
    });
  };
}

/** One event every 10 ms, the first at once: a model that thinks. */
function sendPaced(res: ServerResponse, list: readonly string[]): void {
  let next = 0;
  const more = (): void => {
    res.write(list[next++] ?? '');
    if (next < list.length) return;
    clearInterval(timer);
    res.end();
  };
  const timer = setInterval(more, PACE_MS);
  more();
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
