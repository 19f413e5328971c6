import { catalogue } from '@genai-platform/cdk8s';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Prober } from '../../../src/platform/verification/prober.ts';
import { proberLedTo } from './led-prober.ts';

/** One request that a workload was asked. */
export interface Asked {
  /** Of the Service, for example `http://acme-search.acme.svc:8004`. */
  readonly origin: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What every workload's verification looks for, in one text. */
const rightAnswer = catalogue.map(({ verification }) => verification.expect.bodyIncludes ?? '').join(' ');

/**
 * Stands in for the workloads' HTTP side: a real server that answers the verification requests as the services do, or
 * fails as a test says. No pod runs in a control plane without nodes, so Service addresses lead nowhere.
 */
export class Answerer {
  readonly asked: Asked[] = [];
  readonly #failures = new Map<string, number>();
  readonly #server: Server = createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const origin = String(request.headers['x-origin']);
      this.asked.push({ origin, path: request.url ?? '', headers: request.headers, body });
      const status = this.#failureOf(origin) ?? 200;
      reply.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'application/problem+json' });
      reply.end(status === 200 ? rightAnswer : JSON.stringify({ title: 'Not today', status }));
    });
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Has the workload whose origin includes this text answer with that status, until the returned function is called. */
  fail(origin: string, status: number): () => void {
    this.#failures.set(origin, status);
    return () => this.#failures.delete(origin);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The production prober, led to this server instead of the Service. */
  prober(): Prober {
    return proberLedTo(() => this.port);
  }

  #failureOf(origin: string): number | undefined {
    return [...this.#failures].find(([text]) => origin.includes(text))?.[1];
  }
}
