import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What happens to connections. `silence`: those that are open fall silent for ever; new ones as well while it lasts. */
export type TcpFault =
  | { readonly type: 'none' }
  | { readonly type: 'refuse' }
  | { readonly type: 'reset' }
  | { readonly type: 'silence' }
  | { readonly type: 'delay'; readonly ms: number };

/** Stands between a client and a server that speaks anything over TCP, and breaks connections. */
export class TcpProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #fault: TcpFault = { type: 'none' };

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer((near) => this.#accept(near));
  }

  static async start(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#pairs.size;
  }

  /** From now on this is so; `none` heals, except for what has fallen silent, which a healed network does not mend. */
  set(fault: TcpFault): void {
    this.#fault = fault;
    for (const pair of this.#pairs) pair.suffer(fault);
  }

  async stop(): Promise<void> {
    for (const pair of this.#pairs) pair.end();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(near: Socket): void {
    if (this.#fault.type === 'refuse' || this.#fault.type === 'reset') return void near.resetAndDestroy();
    const { host, port } = this.#target;
    const pair = new Pair(near, connect(port, host), () => this.#pairs.delete(pair));
    this.#pairs.add(pair);
    pair.suffer(this.#fault);
  }
}

class Pair {
  readonly #near: Socket;
  readonly #far: Socket;
  #silent = false;
  #delayMs = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(near: Socket, far: Socket, closed: () => void) {
    this.#near = near;
    this.#far = far;
    near.on('error', () => undefined).on('data', (data) => this.#relay(data, far));
    far.on('error', () => undefined).on('data', (data) => this.#relay(data, near));
    near.on('close', () => {
      far.destroy();
      closed();
    });
    // The end of a server that has fallen silent is not heard of either.
    far.on('close', () => this.#silent || near.destroy());
  }

  suffer(fault: TcpFault): void {
    if (fault.type === 'refuse' || fault.type === 'reset') this.#near.resetAndDestroy();
    if (fault.type === 'silence') this.#silent = true;
    this.#delayMs = fault.type === 'delay' ? fault.ms : 0;
  }

  end(): void {
    this.#near.destroy();
    this.#far.destroy();
  }

  /** In order, however long each takes. */
  #relay(data: Buffer, to: Socket): void {
    const ms = this.#delayMs;
    this.#last = this.#last.then(async () => {
      if (ms > 0) await pause(ms);
      if (!this.#silent) to.write(data);
    });
  }
}
