import type { RequestListener } from 'node:http';
import type { Identity } from '../identity-token.ts';
import { startServer } from '../http/server.ts';
import type { RunningServer, UpgradeHandler } from '../http/server.ts';
import type { TestContext } from './test-context.ts';

export interface TestRequest extends RequestInit {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Who asks; by default `ada` of `acme` with every scope. `null` asks without a token. */
  readonly as?: Partial<Identity> | null;
}

/** A service on a real HTTP server, at a free port of 127.0.0.1. */
export interface TestService {
  readonly url: string;
  readonly port: number;
  readonly server: RunningServer;
  readonly context: TestContext;
  /** Asks `path` with an identity token. */
  fetch(path: string, request?: TestRequest): Promise<Response>;
  /** Ends connections and closes what the context has registered. */
  close(): Promise<void>;
}

export async function startService(
  app: RequestListener,
  context: TestContext,
  options: { upgrade?: UpgradeHandler } = {},
): Promise<TestService> {
  const { lifecycle, name, testIdentity } = context;
  const server = await startServer(app, { host: '127.0.0.1', port: 0, lifecycle, upgrade: options.upgrade });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    port: server.port,
    server,
    context,
    fetch: async (path, { json, as = {}, ...request } = {}) => {
      const headers = new Headers(request.headers);
      if (as !== null) headers.set('authorization', `Bearer ${await testIdentity.token(name, as)}`);
      if (json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
      return await fetch(url + path, {
        ...request,
        headers,
        ...(json === undefined ? {} : { method: request.method ?? 'POST', body: JSON.stringify(json) }),
      });
    },
    close: async () => {
      await server.drain(1_000);
      await lifecycle.close();
    },
  };
}
