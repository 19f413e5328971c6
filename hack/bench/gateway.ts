import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mintAccessToken, systemClock } from '@genai-platform/common';
import { startValkey } from '@genai-platform/common/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { runClosedLoop } from './closed-loop.ts';
import { median, significant, type Figure } from './figure.ts';
import { forkServer, type ForkedServer } from './forked-server.ts';

const CONNECTIONS = 32;
const WARM_UP = 5_000;
const REQUESTS = 15_000;
const SINGLE = 2_000;
const ROUNDS = 3;

type Target = ForkedServer<{ readonly port: number }>;

const start = (kind: string, given: object): Promise<Target> =>
  forkServer(new URL('./gateway-server.ts', import.meta.url), kind, { connections: CONNECTIONS, given });

/** A key and a token of it, and where its public half is published; as the auth service does it. */
async function startKeys(): Promise<{ url: string; token: string; close: () => void }> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'EdDSA', use: 'sig' }] });
  const server = createServer((req, res) => {
    const known = req.url === '/internal/revocations' ? '{"sessions":[],"keys":[]}' : jwks;
    res.setHeader('content-type', 'application/json').end(known);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const grant = { subject: 'user_1', tenant: 'default', scopes: ['echo:read'], session: 'session_1' };
  const lifetime = { lifetimeSeconds: 3_600, clock: systemClock };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: await mintAccessToken({ kid: 'bench', privateKey }, grant, lifetime),
    close: () => void server.close(),
  };
}

interface Cost {
  readonly cpuMicros: number;
  readonly p50Ms: number;
}

/**
 * What one hop through the gateway costs, with the check of an access token, rate limits, metrics, access log and tracing:
 * CPU of the process per request at 32 connections beside a bare node:http proxy, and the time that it adds to one request
 * after another. The three are measured in turns, so that a noisy machine is noisy for all.
 */
export async function measureGateway(): Promise<Figure[]> {
  const keys = await startKeys();
  const valkey = await startValkey({ acl: ['user default off', 'user gateway on >secret ~rate:* +@all +info'] });
  const upstream = await start('upstream', {});
  const bare = await start('bare', { upstream: upstream.url });
  const identityKey = randomBytes(32).toString('base64url');
  const gateway = await start('gateway', {
    upstream: upstream.url,
    jwks: keys.url,
    redisPort: valkey.port,
    identityKey,
  });
  try {
    const costs = await inTurns({ direct: upstream, bare, gateway }, keys.token);
    const [direct, plain, hop] = [costs('direct'), costs('bare'), costs('gateway')];
    return [
      {
        name: 'gateway.hop_cpu_vs_bare',
        value: significant(hop.cpuMicros / plain.cpuMicros),
        unit: 'CPU per request / that of the yardstick',
        yardstick: `a bare node:http proxy: ${significant(plain.cpuMicros)} us; the gateway: ${significant(hop.cpuMicros)} us`,
        ratio: significant(hop.cpuMicros / plain.cpuMicros),
      },
      {
        name: 'gateway.hop_p50_ms',
        value: significant(hop.p50Ms - direct.p50Ms),
        unit: 'ms added to a direct request',
        yardstick: 'what the bare proxy adds',
        ratio: significant((hop.p50Ms - direct.p50Ms) / (plain.p50Ms - direct.p50Ms)),
      },
    ];
  } finally {
    for (const target of [gateway, bare, upstream]) await target.stop();
    keys.close();
    await valkey.stop();
  }
}

async function inTurns<K extends string>(
  targets: Readonly<Record<K, Target>>,
  token: string,
): Promise<(name: K) => Cost> {
  const seen = new Map<string, Cost[]>();
  const entries = Object.entries(targets) as [K, Target][];
  for (const [, target] of entries) await load(target, token, WARM_UP, CONNECTIONS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, target] of entries) {
      const before = await target.cpuMicros();
      await load(target, token, REQUESTS, CONNECTIONS);
      const cpuMicros = ((await target.cpuMicros()) - before) / REQUESTS;
      const { p50Ms } = await load(target, token, SINGLE, 1);
      seen.set(name, [...(seen.get(name) ?? []), { cpuMicros, p50Ms }]);
    }
  }
  return (name) => {
    const rounds = seen.get(name) ?? [];
    return {
      cpuMicros: median(rounds.map(({ cpuMicros }) => cpuMicros)),
      p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    };
  };
}

async function load({ pool }: Target, token: string, count: number, parallel: number): Promise<{ p50Ms: number }> {
  const headers = { authorization: `Bearer ${token}` };
  return await runClosedLoop(new Array<null>(count).fill(null), parallel, async () => {
    const { statusCode, body } = await pool.request({ path: '/v1/echo/answer', method: 'GET', headers });
    if (statusCode !== 200) throw new Error(`answered ${statusCode}: ${await body.text()}`);
    await body.dump();
  });
}
