import { catalogue } from '@genai-platform/cdk8s';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpProber } from '../../../src/platform/verification/http-prober.ts';
import type { Prober } from '../../../src/platform/verification/prober.ts';

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

  /** The production prober, led to this server instead of the Service. */
  prober(): Prober {
    const production = createHttpProber({ attempts: 2, deadlineMs: 2_000, pauseMs: 10 });
    return {
      probe: (request, signal) => {
        const { port } = this.#server.address() as AddressInfo;
        const headers = { ...request.headers, 'x-origin': request.origin };
        return production.probe({ ...request, headers, origin: `http://127.0.0.1:${port}` }, signal);
      },
    };
  }

  #failureOf(origin: string): number | undefined {
    return [...this.#failures].find(([text]) => origin.includes(text))?.[1];
  }
}
