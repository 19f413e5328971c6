import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as sendRequest, Agent } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Cluster } from '../../src/runtime/index.ts';
import type { Fault, FaultAction, Match, RequestInfo } from './fault-plan.ts';
import { matches, requestInfo } from './fault-plan.ts';
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

interface ActiveFault {
  readonly fault: Fault;
  seen: number;
  hits: number;
}

/** Stands between a client and a real API server, ends TLS on both sides, and breaks what the plan says. */
export class FaultProxy {
  readonly requests: ProxiedRequest[] = [];
  /** TLS connections accepted so far. */
  connections = 0;
  /** Connections that the client has reset. */
  resets = 0;
  readonly #upstream: Upstream;
  readonly #agent: Agent;
  readonly #certificates: Certificates;
  readonly #server: ReturnType<typeof createServer>;
  /** By `performance.now()`. */
  readonly startedAt = performance.now();
  readonly #watches = new Set<OpenWatch>();
  #faults: ActiveFault[] = [];

  private constructor(upstream: Upstream, certificates: Certificates) {
    this.#upstream = upstream;
    this.#certificates = certificates;
    this.#agent = new Agent({
      keepAlive: true,
      ca: upstream.caPem,
      cert: upstream.admin.certPem,
      key: upstream.admin.keyPem,
    });
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
  }

  static async start(upstream: Upstream): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream, await createCertificates());
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
    const active: ActiveFault = { fault, seen: 0, hits: 0 };
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
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const info = requestInfo(request);
    const record: ProxiedRequest = { ...info, atMs: performance.now() - this.startedAt, status: 0, open: true };
    this.requests.push(record);
    response.on('close', () => {
      record.open = false;
      record.status = response.statusCode;
    });
    const body = await readAll(request);
    const fault = this.#faultFor(info);
    if (fault?.when === 'before') {
      if (fault.action.type === 'delay') await pause(fault.action.ms);
      else return act(response, fault.action);
    }
    this.#forward(request, body, response, { info, fault: fault?.when === 'after' ? fault : undefined });
  }

  #faultFor(info: RequestInfo): Fault | undefined {
    for (const active of this.#faults) {
      if (!matches(active.fault.match, info)) continue;
      active.seen += 1;
      const { nth = 1, times = Number.POSITIVE_INFINITY } = active.fault;
      if (active.seen < nth || active.hits >= times) continue;
      active.hits += 1;
      return active.fault;
    }
    return undefined;
  }

  #forward(
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    what: { readonly info: RequestInfo; readonly fault: Fault | undefined },
  ): void {
    const { method, url, headers } = request;
    const target = new URL(url ?? '/', this.#upstream.url);
    const forwarded = sendRequest(target, { method, agent: this.#agent, headers: { ...headers, host: target.host } });
    forwarded.on('error', () => response.socket?.destroy());
    forwarded.on('response', (answer) => {
      void this.#relay(answer, response, what).catch(() => response.socket?.destroy());
    });
    response.on('close', () => forwarded.destroy());
    forwarded.end(body);
  }

  async #relay(answer: IncomingMessage, response: ServerResponse, what: Relayed): Promise<void> {
    if (what.info.verb !== 'watch' || answer.statusCode !== 200) return relayWhole(answer, response, what);
    const watch: OpenWatch = { info: what.info, response, muted: false };
    this.#watches.add(watch);
    response.on('close', () => this.#watches.delete(watch));
    await relayStream(answer, watch, what.fault);
  }
}

interface Relayed {
  readonly info: RequestInfo;
  readonly fault: Fault | undefined;
}

async function relayWhole(answer: IncomingMessage, response: ServerResponse, { info, fault }: Relayed): Promise<void> {
  const body = await readAll(answer);
  const action = fault?.action;
  if (action?.type === 'delay') await pause(action.ms);
  if (action && action.type !== 'delay' && action.type !== 'rewrite') return act(response, action);
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, headers);
  response.end(action?.type === 'rewrite' ? action.with(body.toString(), info) : body);
}

/** Relays a watch line by line, so that a fault can come after a number of lines. */
async function relayStream(answer: IncomingMessage, watch: OpenWatch, fault: Fault | undefined): Promise<void> {
  const { response, info } = watch;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  let passed = 0;
  const breaks = (): Promise<boolean> | false =>
    fault !== undefined && (fault.lines ?? 0) === passed && breakStream(response, fault.action);
  if (await breaks()) return;
  for await (const line of linesOf(answer)) {
    // `breakOpen` may have ended the stream meanwhile.
    if (response.writableEnded) return;
    const text = fault?.action.type === 'rewrite' ? fault.action.with(line, info) : line;
    if (text !== '' && !watch.muted) response.write(`${text}\n`);
    passed += 1;
    if (await breaks()) return;
  }
  if (!watch.muted) response.end();
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
