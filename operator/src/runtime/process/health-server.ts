import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** One check: undefined when all is well, else what is wrong. */
export type Check = () => string | undefined;

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly registry: Registry;
  readonly live: readonly Check[];
  readonly ready: readonly Check[];
}

/** Serves /livez, /readyz and /metrics. */
export class HealthServer {
  readonly #options: HealthServerOptions;
  readonly #server: Server;

  constructor(options: HealthServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      void this.#answer(request.url ?? '/', response);
    });
    // Probes and scrapers send a line or two; anything slower is no probe.
    this.#server.headersTimeout = 5_000;
    this.#server.requestTimeout = 5_000;
  }

  /** @returns the bound port. */
  async start(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(url: string, response: ServerResponse): Promise<void> {
    const { registry, live, ready } = this.#options;
    const path = url.split('?', 1)[0];
    if (path === '/livez') return answerChecks(response, live);
    if (path === '/readyz') return answerChecks(response, ready);
    if (path !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  }
}

function answerChecks(response: ServerResponse, checks: readonly Check[]): void {
  const troubles = checks.map((check) => check()).filter((trouble) => trouble !== undefined);
  const status = troubles.length === 0 ? 200 : 503;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(troubles.length === 0 ? 'ok\n' : `${troubles.join('\n')}\n`);
}
