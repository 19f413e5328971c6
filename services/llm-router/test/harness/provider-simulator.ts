import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { locateDatabasePrograms } from '@genai-platform/common/testing';

/** What can go wrong with a provider, each once. */
export const faults = [
  'rate-limited',
  'status-500',
  'status-503',
  'connect-refused',
  'connect-hang',
  'header-hang',
  'stall',
  'cut',
  'malformed',
  'wrong-length',
  'slow-bytes',
  'oversize',
  'tls-error',
] as const;
export type Fault = (typeof faults)[number];

/** What the simulator was asked. */
export interface SimulatedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly model: string; readonly stream?: boolean; readonly [key: string]: unknown };
  /** When the connection closed before the reply was complete, by `performance.now()`. */
  closedAtMs?: number;
}

/** A provider that speaks as OpenAI does, well or with a fault. It is a test tool and answers nothing by itself. */
export interface ProviderSimulator {
  readonly baseUrl: string;
  readonly requests: readonly SimulatedRequest[];
  close(): Promise<void>;
}

/** What a provider without fault says, in words of one event each. */
export const words: readonly string[] = ['The', ' quick', ' brown', ' fox', ' jumps'];

const EVENTS_BEFORE_FAULT = 3;
const SLOW_MS = 20;
const LATER_MS = 200;
const OVERSIZE_BYTES = 4 * 1024 * 1024;
const usage = { prompt_tokens: 9, completion_tokens: words.length, total_tokens: 9 + words.length };

/** Starts one. Without a fault it answers everything. */
export async function simulateProvider(fault?: Fault, name = 'simulated'): Promise<ProviderSimulator> {
  const requests: SimulatedRequest[] = [];
  const answer = (req: IncomingMessage, res: ServerResponse): void => void respond(req, res, { fault, name, requests });
  const server = serverFor(fault, answer);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  if (fault === 'connect-refused') await close();
  const scheme = fault === 'tls-error' || fault === 'connect-hang' ? 'https' : 'http';
  return {
    baseUrl: `${scheme}://127.0.0.1:${String(port)}/v1`,
    requests,
    close: fault === 'connect-refused' ? async () => undefined : close,
  };
}

function serverFor(fault: Fault | undefined, answer: (req: IncomingMessage, res: ServerResponse) => void): Server {
  // A connection is there when TLS is: this server never says a word of it.
  if (fault === 'connect-hang') return createTcpServer();
  if (fault !== 'tls-error') return createServer(answer);
  const { certFile, keyFile } = locateDatabasePrograms().tls;
  return createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, answer);
}

interface Setting {
  readonly fault: Fault | undefined;
  readonly name: string;
  readonly requests: SimulatedRequest[];
}

async function respond(req: IncomingMessage, res: ServerResponse, { fault, name, requests }: Setting): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as SimulatedRequest['body'];
  const request: SimulatedRequest = { path: req.url ?? '', headers: req.headers, body };
  requests.push(request);
  res.once('close', () => {
    if (!res.writableFinished) request.closedAtMs = performance.now();
  });
  if (fault === 'header-hang') return;
  if (fault === 'rate-limited') return fail(res, 429, { 'retry-after': '7' });
  if (fault === 'status-500') return fail(res, 500);
  if (fault === 'status-503') return fail(res, 503);
  const text = body.stream === true ? streamText(name) : completionText(name);
  const type = body.stream === true ? 'text/event-stream' : 'application/json';
  send(res, { text, type, fault });
}

function fail(res: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  const error = { message: 'simulated', type: 'server_error', param: null, code: null };
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));
}

interface Sending {
  readonly text: string;
  readonly type: string;
  readonly fault: Fault | undefined;
}

/** Faults in the middle come after some events of a stream, or half of a plain reply. */
function send(res: ServerResponse, { text, type, fault }: Sending): void {
  const head = { 'content-type': type };
  const [before, after] = halves(text, type);
  switch (fault) {
    case 'stall':
      res.writeHead(200, head).write(before);
      return;
    case 'cut':
      res.writeHead(200, head).write(before, () => res.destroy());
      return;
    case 'malformed':
      res.writeHead(200, head).write(before);
      // Later, so that what is right has been passed on: a router that reads both at once may still ask another.
      setTimeout(() => res.end(type === 'text/event-stream' ? `data: {"choices": [\n\n${after}` : '}}'), LATER_MS);
      return;
    case 'wrong-length':
      res.writeHead(200, { ...head, 'content-length': Buffer.byteLength(text) }).write(before, () => res.socket?.end());
      return;
    case 'slow-bytes':
      res.writeHead(200, head);
      return drip(res, text);
    case 'oversize':
      res.writeHead(200, head).write(before.slice(0, 6));
      return flood(res);
    default:
      res.writeHead(200, head).end(text);
  }
}

function halves(text: string, type: string): [string, string] {
  const events = text.split(/(?<=\n\n)/);
  const before =
    type === 'text/event-stream' ? events.slice(0, EVENTS_BEFORE_FAULT).join('') : text.slice(0, text.length / 2);
  return [before, text.slice(before.length)];
}

/** One byte at a time: something always comes, and never enough. */
function drip(res: ServerResponse, text: string): void {
  let next = 0;
  const timer = setInterval(() => {
    if (next < text.length) res.write(text[next++]);
  }, SLOW_MS);
  res.once('close', () => clearInterval(timer));
}

function flood(res: ServerResponse): void {
  let left = OVERSIZE_BYTES / 65_536;
  const more = (): void => {
    while (!res.destroyed && left-- > 0) if (!res.write('x'.repeat(65_536))) return void res.once('drain', more);
    if (left <= 0) res.end();
  };
  more();
}

function completionText(name: string): string {
  const message = { role: 'assistant', content: words.join('') };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  return JSON.stringify({ id: 'c1', object: 'chat.completion', created: 1, model: name, choices, usage });
}

function streamText(name: string): string {
  const chunk = (choices: object[], more: object = {}): string =>
    `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: name, choices, ...more })}\n\n`;
  const pieces = words.map((content) => chunk([{ index: 0, delta: { content }, finish_reason: null }]));
  const end = chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  return [...pieces, end, chunk([], { usage }), 'data: [DONE]\n\n'].join('');
}
