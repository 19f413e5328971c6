import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lifecycle, Metrics, parseConfig, silentLogger, startServer, systemClock } from '@genai-platform/common';
import { startValkey } from '@genai-platform/common/testing';
import type { TestValkey } from '@genai-platform/common/testing';
import { GatewayConfig, createApp, createDeps, proxyUpgrades, tlsFilesOf } from '@genai-platform/gateway';

/** A running gateway with a real Valkey. */
export interface TestGateway {
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  readonly identityKey: Uint8Array;
  readonly valkey: TestValkey;
  readonly lifecycle: Lifecycle;
  /** A request with the API key. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Begins to stop, as on SIGTERM. */
  drain(): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts a gateway before the given services: name → URL; each owns `/v1/<name>`. */
export async function startGateway(
  services: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-test-'));
  const valkey = await startValkey({
    acl: ['user default off', 'user gateway on >secret ~rate:* +@all -@admin -@dangerous +info'],
  });
  const apiKey = `gp_${randomBytes(32).toString('base64url')}`;
  const identityKey = randomBytes(32);
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  await file('username', 'gateway');
  await file('password', 'secret');
  const config = parseConfig(GatewayConfig, {
    SERVICE_NAME: 'gateway',
    HTTP_PORT: '0',
    IDENTITY_KEY_FILE: await file('identity', identityKey.toString('base64url')),
    GATEWAY_BOOTSTRAP_KEY_FILE: await file('api-key', `${apiKey}\n`),
    GATEWAY_ROUTES: JSON.stringify(
      Object.entries(services).map(([service, url]) => ({ service, prefixes: [`/v1/${service}`], url })),
    ),
    REDIS_HOST: valkey.host,
    REDIS_PORT: String(valkey.port),
    REDIS_CREDENTIALS_DIR: folder,
    REDIS_TLS_MODE: 'disable',
    ...environment,
  });
  const log = silentLogger();
  const lifecycle = new Lifecycle(log);
  const deps = createDeps(config, {
    name: 'gateway',
    version: '1.2.3',
    log,
    metrics: new Metrics('gateway'),
    clock: systemClock,
    lifecycle,
    authenticate: () => Promise.reject(new Error('the gateway brings its own')),
  });
  const upgrade = proxyUpgrades({ ...deps, log });
  const tls = tlsFilesOf(config);
  const server = await startServer(createApp(deps), { host: '127.0.0.1', port: 0, lifecycle, upgrade, tls });
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(server.port)}`;
  const drain = (): Promise<unknown> => server.drain(3_000);
  return {
    url,
    port: server.port,
    apiKey,
    identityKey,
    valkey,
    lifecycle,
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${apiKey}`);
      return fetch(url + path, { ...init, headers });
    },
    drain,
    close: async () => {
      server.server.closeAllConnections();
      await drain();
      await lifecycle.close();
      await valkey.stop();
      await rm(folder, { recursive: true });
    },
  };
}
