import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import { createAuthority, createServerCertificate } from '../../../src/platform/certificates/certificate-authority.ts';

/** Whose log is asked for. */
export interface AskedLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
}

const NODE = 'node-of-logs';
const PATH = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/?]+)/;

/**
 * Stands in for the one thing of a kubelet that the API server asks for by itself: the logs of containers. It is the
 * kubelet of a Node that exists; pods that are bound to it have the logs that a test says.
 */
export class KubeletDouble {
  readonly #plane: ControlPlane;
  readonly #logOf: (asked: AskedLog) => string | undefined;
  #server: Server | undefined;

  /** @param logOf what was written; undefined: there is no such container. */
  constructor(plane: ControlPlane, logOf: (asked: AskedLog) => string | undefined) {
    this.#plane = plane;
    this.#logOf = logOf;
  }

  async start(): Promise<this> {
    const lifetime = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
    const authority = await createAuthority('kubelet', lifetime);
    const { certPem: cert, keyPem: key } = await createServerCertificate(authority, { commonName: NODE, dnsNames: [NODE], ...lifetime }); // prettier-ignore
    const server = createServer({ cert, key }, (request, reply) => {
      const url = new URL(request.url ?? '', 'https://kubelet');
      const [, namespace = '', pod = '', container = ''] = PATH.exec(url.pathname) ?? [];
      const text = this.#logOf({ namespace, pod, container, previous: url.searchParams.get('previous') === 'true' });
      reply.writeHead(text === undefined ? 404 : 200, { 'content-type': 'text/plain' });
      reply.write(text ?? 'no such container');
      // A log that is followed goes on until somebody has had enough.
      if (text === undefined || url.searchParams.get('follow') !== 'true') reply.end();
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await this.#register((server.address() as AddressInfo).port);
    return this;
  }

  /** Has a pod run here. */
  bind(namespace: string, pod: string): Promise<unknown> {
    return this.#plane.request('POST', `/api/v1/namespaces/${namespace}/pods/${pod}/binding`, {
      metadata: { name: pod },
      target: { apiVersion: 'v1', kind: 'Node', name: NODE },
    });
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async #register(port: number): Promise<void> {
    await this.#plane.request('POST', '/api/v1/nodes', { metadata: { name: NODE } });
    const status = {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    };
    await this.#plane.request('PATCH', `/api/v1/nodes/${NODE}/status`, {
      contentType: 'application/merge-patch+json',
      text: JSON.stringify({ status }),
    });
  }
}
