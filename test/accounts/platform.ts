import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as auth from '@genai-platform/auth';
import {
  Lifecycle,
  Metrics,
  migrate,
  parseConfig,
  parseIdentityKeys,
  silentLogger,
  startServer,
  systemClock,
  tokenAuthenticator,
  verifyIdentityToken,
} from '@genai-platform/common';
import type { RunningServer, ServiceContext } from '@genai-platform/common';
import { createDatabase, startValkey } from '@genai-platform/common/testing';
import * as gateway from '@genai-platform/gateway';
import { catalogue } from '@genai-platform/cdk8s';
import pg from 'pg';

export const ADMIN_PASSWORD = 'what-the-secret-says';
export const PASSWORD = 'violet-kettle-under-9-moons';

/** Auth behind the gateway with a real database and cache, and one more service that answers who asks. */
export interface AccountsPlatform {
  readonly url: string;
  readonly apiKey: string;
  /** A request through the gateway; JSON where a body is given. */
  ask(path: string, options?: { token?: string; json?: unknown; method?: string }): Promise<Response>;
  /** Signs in; returns the tokens. */
  signIn(login: object): Promise<{ access_token: string; refresh_token: string; session_id: string }>;
  /** Takes the auth service away, and brings it back at the same address. */
  stopAuth(): Promise<void>;
  startAuth(): Promise<void>;
  close(): Promise<void>;
}

const authEntry = catalogue.find(({ name }) => name === 'auth');

export async function startAccountsPlatform(): Promise<AccountsPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'accounts-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const apiKey = `gp_${randomBytes(32).toString('base64url')}`;
  const identity = file('identity', randomBytes(32).toString('base64url'));
  const database = await createDatabase({ empty: true });
  file('username', database.user);
  const databasePassword = file('password', database.password);
  const closers: (() => Promise<unknown>)[] = [() => database.close()];
  const authConfig = {
    SERVICE_NAME: 'auth',
    HTTP_PORT: '0',
    IDENTITY_KEY_FILE: identity,
    AUTH_KEY_FILE: file('key', randomBytes(32).toString('base64url')),
    AUTH_BOOTSTRAP_DIR: mkdtempSync(join(folder, 'bootstrap-')),
    AUTH_MEMBER_SCOPES: 'echo:read',
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_SCHEMA: 'auth',
    DATABASE_CREDENTIALS_DIR: join(databasePassword, '..'),
    DATABASE_TLS_MODE: 'disable',
  };
  writeFileSync(join(authConfig.AUTH_BOOTSTRAP_DIR, 'password'), `${ADMIN_PASSWORD}\n`);
  const migrations = new URL('../../services/auth/migrations', import.meta.url);
  await prepareSchema(database.url);
  await migrate({ config: parseConfig(auth.AuthConfig, authConfig), folder: migrations, log: silentLogger() });
  const authServer = new Restartable(authConfig);
  await authServer.start();
  closers.push(() => authServer.stop());

  const echo = await startEcho(identity);
  closers.push(echo.close);
  const valkey = await startValkey({ acl: ['user default off', 'user gateway on >secret ~rate:* +@all +info'] });
  closers.push(() => valkey.stop());
  const cache = mkdtempSync(join(folder, 'cache-'));
  writeFileSync(join(cache, 'username'), 'gateway');
  writeFileSync(join(cache, 'password'), 'secret');
  const routes = [
    { service: 'auth', prefixes: authEntry?.prefixes, public: authEntry?.publicPaths, url: authServer.url },
    { service: 'echo', prefixes: ['/v1/echo'], url: echo.url },
  ];
  const config = parseConfig(gateway.GatewayConfig, {
    SERVICE_NAME: 'gateway',
    HTTP_PORT: '0',
    IDENTITY_KEY_FILE: identity,
    GATEWAY_BOOTSTRAP_KEY_FILE: file('api-key', apiKey),
    GATEWAY_AUTH_URL: authServer.url,
    GATEWAY_ROUTES: JSON.stringify(routes),
    GATEWAY_ANONYMOUS_RATE_LIMIT_PER_SECOND: '1000',
    GATEWAY_ANONYMOUS_RATE_LIMIT_BURST: '1000',
    REDIS_HOST: valkey.host,
    REDIS_PORT: String(valkey.port),
    REDIS_CREDENTIALS_DIR: cache,
    REDIS_TLS_MODE: 'disable',
  });
  const context = contextOf('gateway', identity);
  const running = await startServer(gateway.createApp(gateway.createDeps(config, context)), {
    host: '127.0.0.1',
    port: 0,
    lifecycle: context.lifecycle,
  });
  closers.push(async () => {
    await running.drain(500);
    await context.lifecycle.close();
  });
  const url = `http://127.0.0.1:${String(running.port)}`;
  const ask: AccountsPlatform['ask'] = (path, { token, json, method } = {}) =>
    fetch(url + path, {
      method: method ?? (json === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
  return {
    url,
    apiKey,
    ask,
    signIn: async (login) => {
      const response = await ask('/api/auth/login', { json: login });
      if (!response.ok) throw new Error(`${String(response.status)} ${await response.text()}`);
      return (await response.json()) as Awaited<ReturnType<AccountsPlatform['signIn']>>;
    },
    stopAuth: () => authServer.stop(),
    startAuth: () => authServer.start(),
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** As the platform's database setup leaves it; the login is the administrator's own. */
async function prepareSchema(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'auth') THEN CREATE ROLE auth NOLOGIN; END IF;
    END $$;
    CREATE SCHEMA auth AUTHORIZATION auth`);
  await client.end();
}

function contextOf(name: string, keyFile: string): ServiceContext {
  const log = silentLogger();
  return {
    name,
    version: '1.2.3',
    log,
    metrics: new Metrics(name),
    clock: systemClock,
    lifecycle: new Lifecycle(log),
    authenticate: tokenAuthenticator({ keyFile, audience: name }),
  };
}

/** A service that can go away, and come back at the same port. */
class Restartable {
  readonly #environment: Record<string, string>;
  #port = 0;
  #running: { server: RunningServer; lifecycle: Lifecycle } | undefined;

  constructor(environment: Record<string, string>) {
    this.#environment = environment;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  async start(): Promise<void> {
    const context = contextOf('auth', this.#environment['IDENTITY_KEY_FILE'] ?? '');
    const app = auth.createApp(auth.createDeps(parseConfig(auth.AuthConfig, this.#environment), context));
    const { lifecycle } = context;
    const server = await startServer(app, { host: '127.0.0.1', port: this.#port, lifecycle });
    this.#port = server.port;
    this.#running = { server, lifecycle };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.server.server.closeAllConnections();
    await running?.server.drain(200);
    await running?.lifecycle.close();
  }
}

/** Answers with the identity that the gateway has vouched for. */
async function startEcho(keyFile: string): Promise<{ url: string; close: () => Promise<void> }> {
  const { readFile } = await import('node:fs/promises');
  const [key] = parseIdentityKeys(await readFile(keyFile, 'utf8'));
  const server = createServer((req, res) => {
    const token = req.headers.authorization?.slice('Bearer '.length) ?? '';
    verifyIdentityToken(key as Uint8Array, 'echo', token).then(
      ({ identity }) => res.setHeader('content-type', 'application/json').end(JSON.stringify(identity)),
      () => res.writeHead(401).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
