import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as sendRequest, Agent } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { Cluster } from '../../src/runtime/index.ts';
import type { Fault, FaultAction, Match, RequestInfo } from './fault-plan.ts';
import { collectionOf, matches, requestInfo } from './fault-plan.ts';
import { ActiveFault } from './active-fault.ts';
import { act, breakStream } from './broken-answer.ts';
import type { OpenWatch } from './relay.ts';
import { headersOf, readAll, relayStream, relayWhole } from './relay.ts';
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

  /** How many watches of each collection are open: `{ deployments: 1 }`. */
  openWatches(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { info } of this.#watches) {
      const collection = collectionOf(info);
      counts[collection] = (counts[collection] ?? 0) + 1;
    }
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
