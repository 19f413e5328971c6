import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as sendRequest, Agent } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Cluster } from '../../src/runtime/index.ts';
import type { Fault, FaultAction, Match, RequestInfo } from './fault-plan.ts';
import { matches, requestInfo } from './fault-plan.ts';
import { ActiveFault } from './active-fault.ts';
import { seededDice } from './seeded-dice.ts';
import type { Certificates } from '../../../test/harness/control-plane/certificates.ts';
import { createCertificates } from '../../../test/harness/control-plane/certificates.ts';

/** The API server behind the proxy. */
export interface Upstream {
  readonly url: string;
  readonly caPem: string;
  /** The identity of requests that bring no Authorization of their own. */
  readonly admin: { readonly certPem: string; readonly keyPem: string };
}

/** A request that went through, in the order of arrival. */
export interface ProxiedRequest extends RequestInfo {
  /** Milliseconds since the proxy started. */
  readonly atMs: number;
  /** Status of the answer; 0 while there is none. */
  status: number;
  /** Whether the answer is still being sent. */
  open: boolean;
  /** Whether the API server has seen the request. */
  forwarded: boolean;
}

/** A fault in force. */
export interface InjectedFault {
  /** How many requests it has hit. */
  readonly hits: number;
  remove(): void;
}

/** A watch that is being relayed. */
interface OpenWatch {
  readonly info: RequestInfo;
  readonly response: ServerResponse;
  /** Its lines go nowhere. */
  muted: boolean;
}

/** Stands between a client and a real API server, ends TLS on both sides, and breaks what the plan says. */
export class FaultProxy {
  readonly requests: ProxiedRequest[] = [];
  /** TLS connections accepted so far. */
  connections = 0;
  /** Connections that the client has reset. */
  resets = 0;
  readonly #upstream: Upstream;
  /** For requests without credentials: the administrator's certificate. */
  readonly #adminAgent: Agent;
  /** For requests that bring their own; a certificate would win over them. */
  readonly #agent: Agent;
  readonly #certificates: Certificates;
  readonly #server: ReturnType<typeof createServer>;
  /** By `performance.now()`. */
  readonly startedAt = performance.now();
  readonly #watches = new Set<OpenWatch>();
  readonly #sockets = new Set<Socket>();
  readonly #dice: () => number;
  #faults: ActiveFault[] = [];
  #severed = false;
  #onSevered: (() => void)[] = [];

  private constructor(upstream: Upstream, certificates: Certificates, seed: number) {
    this.#upstream = upstream;
    this.#certificates = certificates;
    this.#dice = seededDice(seed);
    const { certPem: cert, keyPem: key } = upstream.admin;
    this.#agent = new Agent({ keepAlive: true, ca: upstream.caPem });
    this.#adminAgent = new Agent({ keepAlive: true, ca: upstream.caPem, cert, key });
    this.#server = createServer(
      { cert: certificates.server.certPem, key: certificates.server.keyPem, keepAliveTimeout: 60_000 },
      (request, response) => {
        void this.#handle(request, response);
      },
    );
    this.#server.on('secureConnection', (socket: TLSSocket) => {
      this.connections += 1;
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNRESET') this.resets += 1;
      });
    });
    this.#server.on('tlsClientError', () => undefined);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      if (this.#severed) socket.destroy();
    });
  }

  /** @param seed of the dice that faults with a chance are thrown by. */
  static async start(upstream: Upstream, seed = 1): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream, await createCertificates(), seed);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** For the client under test. */
  get cluster(): Cluster {
    const { port } = this.#server.address() as AddressInfo;
    return {
      server: new URL(`https://127.0.0.1:${port}`),
      namespace: 'default',
      tls: () => ({ ca: this.#certificates.caPem }),
      headers: () => Promise.resolve({}),
      invalidate: () => undefined,
    };
  }

  inject(fault: Fault): InjectedFault {
    const active = new ActiveFault(fault);
    this.#faults.push(active);
    return {
      get hits() {
        return active.hits;
      },
      remove: () => {
        this.#faults = this.#faults.filter((each) => each !== active);
      },
    };
  }

  /** Ends all faults. */
  heal(): void {
    this.#faults = [];
  }

  /** As the client's death looks to the API server: every connection ends, and nothing ever passes again. */
  sever(): void {
    this.#severed = true;
    for (const socket of this.#sockets) socket.destroy();
    for (const tell of this.#onSevered.splice(0)) tell();
  }

  /** Resolves when the client dies next. */
  whenSevered(): Promise<void> {
    return new Promise((resolve) => this.#onSevered.push(resolve));
  }

  /** How many watches of each kind are open: `{ secrets: 1 }`. */
  openWatches(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { info } of this.#watches) counts[info.kind] = (counts[info.kind] ?? 0) + 1;
    return counts;
  }

  /** Breaks the matching watches that are open now. @returns how many. */
  async breakOpen(match: Match, action: FaultAction): Promise<number> {
    const hit = [...this.#watches].filter((watch) => matches(match, watch.info));
    for (const watch of hit) {
      watch.muted = action.type === 'silence';
      await breakStream(watch.response, action);
    }
    return hit.length;
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    this.#adminAgent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = performance.now() - this.startedAt;
    const record: Recorded = { ...requestInfo(request), atMs, status: 0, open: true, forwarded: false };
    this.requests.push(record);
    response.on('close', () => {
      record.open = false;
      record.status = response.statusCode;
    });
    // The client may die in the middle of its request.
    const body = await readAll(request).catch(() => undefined);
    if (!body || this.#severed) return void response.socket?.destroy();
    if (record.verb === 'create') record.name = nameIn(body);
    const info: RequestInfo = record;
    const fault = this.#faultFor(info);
    const rest = fault?.when === 'before' ? await this.#before(response, fault.action) : 'forward';
    if (rest !== 'forward' || this.#severed) return;
    record.forwarded = true;
    this.#forward(request, body, response, { info, fault });
  }

  /** @returns whether the API server is to see the request. */
  async #before(response: ServerResponse, action: FaultAction): Promise<'forward' | 'answered'> {
    switch (action.type) {
      case 'delay':
        await pause(action.ms);
        return 'forward';
      case 'notice':
        action.tell();
        return 'forward';
      case 'query':
        return 'forward';
      case 'crash':
        this.sever();
        return 'answered';
      default:
        act(response, action);
        return 'answered';
    }
  }

  #faultFor(info: RequestInfo): Fault | undefined {
    return this.#faults.find((active) => active.hitBy(info, this.#dice))?.fault;
  }

  #forward(request: IncomingMessage, body: Buffer, response: ServerResponse, what: Relayed): void {
    const { method, url, headers } = request;
    const target = new URL(url ?? '/', this.#upstream.url);
    const action = what.fault?.action;
    if (action?.type === 'query') {
      for (const [name, value] of Object.entries(action.set)) target.searchParams.set(name, value);
    }
    const agent = headers.authorization === undefined ? this.#adminAgent : this.#agent;
    const forwarded = sendRequest(target, { method, agent, headers: { ...headers, host: target.host } });
    forwarded.on('error', () => response.socket?.destroy());
    forwarded.on('response', (answer) => {
      void this.#relay(answer, response, what).catch(() => response.socket?.destroy());
    });
    response.on('close', () => forwarded.destroy());
    forwarded.end(body);
  }

  async #relay(answer: IncomingMessage, response: ServerResponse, what: Relayed): Promise<void> {
    const action = what.fault?.when === 'after' ? what.fault.action : undefined;
    if (action?.type === 'crash') return this.#crash(answer, response, action.replied);
    if (what.info.verb !== 'watch' || answer.statusCode !== 200) return relayWhole(answer, response, what.info, action);
    const watch: OpenWatch = { info: what.info, response, muted: false };
    this.#watches.add(watch);
    response.on('close', () => this.#watches.delete(watch));
    await relayStream(answer, watch, action && what.fault);
  }

  /** The API server has done what was asked; the client dies before or after it hears so. */
  async #crash(answer: IncomingMessage, response: ServerResponse, replied: boolean): Promise<void> {
    if (!replied) return this.sever();
    const body = await readAll(answer);
    response.writeHead(answer.statusCode ?? 502, headersOf(answer));
    await new Promise<void>((resolve) => response.end(body, resolve));
    this.sever();
  }
}

type Recorded = { -readonly [Part in keyof ProxiedRequest]: ProxiedRequest[Part] };

/** What a request creates is not named in its path. */
function nameIn(body: Buffer): string {
  try {
    return (JSON.parse(body.toString()) as { metadata?: { name?: string } }).metadata?.name ?? '';
  } catch {
    return '';
  }
}

interface Relayed {
  readonly info: RequestInfo;
  readonly fault: Fault | undefined;
}

async function relayWhole(
  answer: IncomingMessage,
  response: ServerResponse,
  info: RequestInfo,
  action: FaultAction | undefined,
): Promise<void> {
  const body = await readAll(answer);
  const send = (text: Buffer | string): void => {
    response.writeHead(answer.statusCode ?? 502, headersOf(answer)).end(text);
  };
  if (!action) return send(body);
  switch (action.type) {
    case 'notice':
      action.tell();
      return send(body);
    case 'delay':
      await pause(action.ms);
      return send(body);
    case 'rewrite':
      return send(action.with(body.toString(), info));
    case 'drip':
      response.writeHead(answer.statusCode ?? 502, headersOf(answer));
      return drip(body, response, action.bytes);
    default:
      return act(response, action);
  }
}

function headersOf(answer: IncomingMessage): IncomingHttpHeaders {
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
  return headers;
}

async function drip(body: Buffer, response: ServerResponse, bytes: number): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await pause(10);
  }
  response.end();
}

/** Relays a watch line by line, so that a fault can come after a number of lines. */
async function relayStream(answer: IncomingMessage, watch: OpenWatch, fault: Fault | undefined): Promise<void> {
  const { response } = watch;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  let passed = 0;
  const breaks = (): Promise<boolean> | false =>
    fault !== undefined && (fault.lines ?? 0) === passed && breakStream(response, fault.action);
  if (await breaks()) return;
  for await (const line of linesOf(answer)) {
    // `breakOpen` may have ended the stream meanwhile.
    if (response.writableEnded) return;
    await relayLine(line, watch, fault?.action);
    passed += 1;
    if (await breaks()) return;
  }
  if (!watch.muted) response.end();
}

async function relayLine(line: string, watch: OpenWatch, action: FaultAction | undefined): Promise<void> {
  if (action?.type === 'freeze') await action.gate;
  const text = action?.type === 'rewrite' ? action.with(line, watch.info) : line;
  if (text === '' || watch.muted || watch.response.writableEnded) return;
  if (action?.type === 'drip') await dripLine(text, watch.response, action.bytes);
  else watch.response.write(`${text}\n`);
}

async function dripLine(line: string, response: ServerResponse, bytes: number): Promise<void> {
  for (let at = 0; at < line.length && !response.destroyed; at += bytes) {
    response.write(line.slice(at, at + bytes));
    await pause(10);
  }
  response.write('\n');
}

async function* linesOf(stream: IncomingMessage): AsyncGenerator<string> {
  let pending = '';
  for await (const chunk of stream) {
    const lines = (pending + String(chunk)).split('\n');
    pending = lines.pop() ?? '';
    yield* lines;
  }
}

/** @returns whether the stream is over. */
async function breakStream(response: ServerResponse, action: FaultAction): Promise<boolean> {
  switch (action.type) {
    case 'delay':
      await pause(action.ms);
      return false;
    case 'garbage':
      response.write(`${action.text ?? '{"type":"MODI'}\n`);
      return false;
    case 'rewrite':
    case 'freeze':
    case 'drip':
      return false;
    case 'error-event': {
      const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: action.code, reason: action.reason };
      response.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
      return true;
    }
    case 'close':
      response.end();
      return true;
    default:
      act(response, action);
      return true;
  }
}

function act(response: ServerResponse, action: FaultAction): void {
  switch (action.type) {
    case 'reset':
      reset(response.socket as TLSSocket | null);
      return;
    case 'close':
      response.socket?.end();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end(action.text ?? '<html>502</html>');
      return;
    case 'status': {
      const { code, reason = '', retryAfterSeconds } = action;
      const retryAfter = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      response.writeHead(code, { 'content-type': 'application/json', ...retryAfter });
      response.end(
        JSON.stringify({
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          code,
          reason,
          message: `injected ${code}`,
        }),
      );
      return;
    }
    default:
      // Silence: the socket stays open and nothing is written.
      return;
  }
}

/** Resets the TCP socket below a TLS socket at the moment at which Node destroys it; earlier crashes Node 24. */
function reset(socket: TLSSocket | null): void {
  const raw = (socket as unknown as { readonly _parent?: Socket } | null)?._parent;
  if (!socket || !raw) return;
  const destroy = raw.destroy.bind(raw);
  raw.destroy = (): Socket => {
    raw.destroy = destroy;
    return raw.resetAndDestroy();
  };
  socket.destroy();
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
