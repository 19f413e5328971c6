import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import helmet from 'helmet';
import { z } from 'zod';
import {
  Lifecycle,
  Metrics,
  createLogger,
  createService,
  get,
  mintIdentityToken,
  post,
  routes,
  systemClock,
  tokenAuthenticator,
} from '@genai-platform/common';

/** One of the servers that are compared, as a process of its own. Tells its port and a token to its parent. */

const Item = z.object({ id: z.string(), name: z.string(), stars: z.number().int() });
const body = z.object({ query: z.string().max(200), limit: z.number().int().min(1).max(100).default(10) });
const item = { id: 'n1', name: 'a note', stars: 3 };

function kit(key: Uint8Array): RequestListener {
  const keyFile = join(mkdtempSync(join(tmpdir(), 'bench-')), 'key');
  writeFileSync(keyFile, Buffer.from(key).toString('base64url'));
  const log = createLogger({ service: 'bench', destination: { write: () => undefined } });
  const context = {
    name: 'bench',
    version: '0',
    log,
    metrics: new Metrics('bench'),
    clock: systemClock,
    lifecycle: new Lifecycle(log),
    authenticate: tokenAuthenticator({ keyFile, audience: 'bench' }),
  };
  return createService({
    context,
    routes: [
      routes(
        get(
          '/v1/items/:id',
          { summary: 's', params: z.object({ id: z.string() }), reply: Item, scopes: ['a'] },
          () => item,
        ),
        post('/v1/search', { summary: 's', body, reply: z.object({ data: z.array(Item) }), scopes: ['a'] }, () => ({
          data: [item, item, item],
        })),
      ),
    ],
  });
}

function plainExpress(): RequestListener {
  const app = express();
  app.use(helmet(), express.json());
  app.get('/v1/items/:id', (_req, res) => void res.json(item));
  app.post('/v1/search', (_req, res) => void res.json({ data: [item, item, item] }));
  return app;
}

const bare: RequestListener = (req, res) => {
  req.resume().on('end', () => {
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(req.method === 'GET' ? item : { data: [item, item, item] }));
  });
};

const key = new Uint8Array(randomBytes(32));
const listeners = { bare: () => bare, express: plainExpress, kit: () => kit(key) };
const listener = listeners[process.argv[2] as keyof typeof listeners]();
const server = createServer(listener);
server.listen(0, '127.0.0.1', () => void announce());

async function announce(): Promise<void> {
  const token = await mintIdentityToken(key, 'bench', { subject: 's', tenant: 't', scopes: ['a'] });
  process.send?.({ port: (server.address() as AddressInfo).port, token });
}

process.on('SIGINT', () => process.exit(0));
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
