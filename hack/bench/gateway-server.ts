import { mkdtempSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, Lifecycle, Metrics, parseConfig, startTracing, systemClock } from '@genai-platform/common';
import { createApp, createDeps, GatewayConfig } from '@genai-platform/gateway';

/** One of the servers that are compared, as a process of its own: `upstream`, `bare` or `gateway`. Tells its port. */

interface Start {
  readonly upstream?: string;
  readonly jwks?: string;
  readonly redisPort?: number;
  readonly identityKey?: string;
}

/** 580 bytes, as a model's short answer. */
const answer = JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', content: 'x'.repeat(516) });

const upstream: RequestListener = (req, res) => {
  req.resume();
  const body = req.url === '/readyz' ? '{"status":"ready"}' : answer;
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
};

/** The least that a proxy can do: node:http at both ends, kept connections, nothing looked at. */
function bare(url: string): RequestListener {
  const agent = new Agent({ keepAlive: true, maxSockets: 1_024, scheduling: 'lifo' });
  const { hostname, port } = new URL(url);
  return (req, res) => {
    const outgoing = request({ agent, hostname, port, path: req.url, method: req.method, headers: req.headers });
    outgoing.on('response', (reply) => {
      res.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(res);
    });
    req.pipe(outgoing);
  };
}

/** As in production: token check, limits in Valkey with leases, metrics, access log, traces. */
function gateway({ upstream: url = '', jwks = '', redisPort = 0, identityKey = '' }: Start): RequestListener {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  file('username', 'gateway');
  file('password', 'secret');
  const config = parseConfig(GatewayConfig, {
    SERVICE_NAME: 'gateway',
    HTTP_PORT: '0',
    IDENTITY_KEY_FILE: file('identity', identityKey),
    GATEWAY_BOOTSTRAP_KEY_FILE: file('key', 'gp_none'),
    GATEWAY_AUTH_URL: jwks,
    GATEWAY_ROUTES: JSON.stringify([{ service: 'echo', prefixes: ['/v1/echo'], url }]),
    GATEWAY_RATE_LIMIT_PER_SECOND: '1000000',
    GATEWAY_RATE_LIMIT_BURST: '2000000',
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redisPort),
    REDIS_CREDENTIALS_DIR: folder,
    REDIS_TLS_MODE: 'disable',
  });
  const log = createLogger({ service: 'gateway', destination: { write: () => undefined } });
  const context = {
    name: 'gateway',
    version: '0',
    log,
    metrics: new Metrics('gateway'),
    clock: systemClock,
    lifecycle: new Lifecycle(log),
    authenticate: () => Promise.reject(new Error('the gateway brings its own')),
  };
  return createApp(createDeps(config, context));
}

process.once('message', (start: Start) => void serve(start));

async function serve(start: Start): Promise<void> {
  if (process.argv[2] === 'gateway') await trace(start);
  const listeners = { upstream: () => upstream, bare: () => bare(start.upstream ?? ''), gateway: () => gateway(start) };
  const server = createServer(listeners[process.argv[2] as keyof typeof listeners]());
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
}

/** The platform's sampler, and an exporter to somebody who takes everything and keeps nothing. */
async function trace({ jwks = '' }: Start): Promise<void> {
  const log = createLogger({ service: 'gateway', destination: { write: () => undefined } });
  await startTracing({ service: 'gateway', version: '0', endpoint: jwks, log });
}

process.on('disconnect', () => process.exit(0));
