import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { z } from 'zod';
import {
  AppError,
  Postgres,
  PostgresIdempotencyStore,
  createService,
  idempotencyTables,
  post,
  reply,
  routes,
  stream,
} from '../../src/index.ts';
import { createDatabase, createTestContext, startService } from '../../src/testing/index.ts';
import type { TestDatabase, TestRequest, TestService } from '../../src/testing/index.ts';
import { databaseConfig } from '../builders/database.ts';

let database: TestDatabase;
let admin: pg.Client;
let service: TestService;
let store: PostgresIdempotencyStore;
let runs = 0;
let behaviour: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  database = await createDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(
    `CREATE SCHEMA notes; SET search_path = notes; CREATE TABLE effects (n int); ${idempotencyTables.sql}`,
  );
  const context = createTestContext({ name: 'notes' });
  const { log, lifecycle } = context;
  const postgres = new Postgres({ config: databaseConfig(database), log, name: 'notes' });
  lifecycle.onClose('database', () => postgres.close());
  store = new PostgresIdempotencyStore({ database: postgres, log, lifecycle });
  const body = z.object({ n: z.number() });
  const Run = z.object({ run: z.number() });
  const app = createService({
    context,
    idempotency: store,
    routes: [
      routes(
        post('/v1/json', { summary: 's', body, reply: Run, status: 201 }, async ({ body: { n } }) => {
          runs += 1;
          await behaviour();
          return reply({ run: n }, { headers: { location: `/v1/json/${runs}` } });
        }),
        post('/v1/strict', { summary: 's', body, reply: Run, idempotencyKey: 'required' }, () => ({
          run: (runs += 1),
        })),
        post('/v1/safe', { summary: 's', body, reply: Run, idempotencyKey: 'none' }, () => ({ run: (runs += 1) })),
        post(
          '/v1/form',
          { summary: 's', multipart: {}, raw: { contentTypes: ['text/plain'] }, produces: ['text/plain'] },
          async ({ multipart, raw }) => {
            runs += 1;
            if (raw !== undefined) return stream(await raw.bytes(), 'text/plain');
            const { files } = await multipart!.read();
            return stream(`${runs}:${files[0]?.bytes.toString() ?? ''}`, 'text/plain');
          },
        ),
        post('/v1/transaction', { summary: 's', body, reply: Run }, async ({ body: { n }, keepReply }) => {
          const result = { run: n };
          await postgres.withTransaction({}, async (tx) => {
            await tx.query('INSERT INTO effects VALUES ($1)', [n]);
            await keepReply(tx, result);
          });
          await behaviour();
          return result;
        }),
      ),
    ],
  });
  service = await startService(app, context);
});
beforeEach(() => {
  runs = 0;
  behaviour = async () => undefined;
});
afterAll(async () => {
  await service.close();
  await admin.end();
  await database.close();
});

const ask = (key: string, n: number, path = '/v1/json', request: TestRequest = {}): Promise<Response> =>
  service.fetch(path, { json: { n }, headers: { 'idempotency-key': key }, ...request });
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code;

test('a repetition gets the first reply with its status and headers, and runs nothing', async () => {
  const key = randomUUID();
  const first = await ask(key, 7);
  const again = await ask(key, 7);
  expect([first.status, again.status, runs]).toEqual([201, 201, 1]);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.headers.get('location')).toBe('/v1/json/1');
  expect(await again.text()).toBe(await first.text());
});

test('the quoted form of the draft names the same key', async () => {
  const key = randomUUID();
  await ask(key, 1);
  expect((await ask(`"${key}"`, 1)).headers.get('idempotency-replayed')).toBe('true');
});

test('without a key everything runs', async () => {
  await service.fetch('/v1/json', { json: { n: 1 } });
  await service.fetch('/v1/json', { json: { n: 1 } });
  expect(runs).toBe(2);
});

test('another body, or another address, with the same key is a 422', async () => {
  const key = randomUUID();
  await ask(key, 1);
  const other = await ask(key, 2);
  expect([other.status, await codeOf(other)]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  expect((await ask(key, 1, '/v1/strict')).status).toBe(422);
  expect(runs).toBe(1);
});

test('the same key of another tenant or subject is another key', async () => {
  const key = randomUUID();
  await ask(key, 1);
  await ask(key, 1, '/v1/json', { as: { tenant: 'other' } });
  await ask(key, 1, '/v1/json', { as: { subject: 'other' } });
  expect(runs).toBe(3);
});

test('while the first is being answered a repetition is a 409 that says when to come back', async () => {
  const key = randomUUID();
  let finish = (): void => undefined;
  const began = new Promise<void>((resolve) => {
    behaviour = () => {
      resolve();
      return new Promise((done) => (finish = done));
    };
  });
  const first = ask(key, 1);
  await began;
  const second = await ask(key, 1);
  expect(second.status).toBe(409);
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(await second.json()).toMatchObject({ code: 'IDEMPOTENCY_IN_FLIGHT', retryable: true });
  finish();
  expect((await first).status).toBe(201);
});

test('of many at once exactly one runs', async () => {
  const key = randomUUID();
  const replies = await Promise.all(Array.from({ length: 20 }, () => ask(key, 1)));
  expect(runs).toBe(1);
  expect(replies.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
});

test('a lasting refusal is kept, with its problem', async () => {
  const key = randomUUID();
  behaviour = async () => {
    throw new AppError('NOTE_CONFLICT', { status: 409, detail: 'it is so' });
  };
  const first = await ask(key, 1);
  const again = await ask(key, 1);
  expect([first.status, again.status, runs]).toEqual([409, 409, 1]);
  expect(again.headers.get('content-type')).toBe('application/problem+json');
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await again.text()).toBe(await first.text());
});

test.each([
  ['an unknown error', () => new Error('broken'), 500],
  ['a passing one', () => new AppError('BUSY', { status: 503 }), 503],
])('%s is not kept: a repetition runs again', async (_, error, status) => {
  const key = randomUUID();
  behaviour = async () => {
    throw error();
  };
  expect((await ask(key, 1)).status).toBe(status);
  behaviour = async () => undefined;
  expect((await ask(key, 1)).status).toBe(201);
  expect(runs).toBe(2);
});

test('an invalid body does not use up the key', async () => {
  const key = randomUUID();
  await service.fetch('/v1/json', { json: { n: 'x' }, headers: { 'idempotency-key': key } });
  expect((await ask(key, 1)).status).toBe(201);
});

test('the key of a process that died is free again when its lease has ended, for the same request only', async () => {
  const key = randomUUID();
  const scope = { tenant: 'acme', subject: 'ada', key };
  expect((await store.claim(scope, Buffer.from('dead'))).state).toBe('claimed');
  expect((await ask(key, 1)).status).toBe(422);
  await admin.query('UPDATE notes.idempotency_keys SET fingerprint = NULL WHERE key = $1', [key]);
  expect((await ask(key, 1)).status).toBe(409);
  await admin.query("UPDATE notes.idempotency_keys SET locked_until = now() - interval '1 s' WHERE key = $1", [key]);
  expect((await ask(key, 1)).status).toBe(201);
});

test('a reply kept in the transaction of the work survives a crash right after it', async () => {
  const key = randomUUID();
  behaviour = async () => {
    throw new Error('the process dies here');
  };
  expect((await ask(key, 41, '/v1/transaction')).status).toBe(500);
  const again = await ask(key, 41, '/v1/transaction');
  expect([again.status, await again.json()]).toEqual([200, { run: 41 }]);
  expect((await admin.query('SELECT 1 FROM notes.effects WHERE n = 41')).rowCount).toBe(1);
});

test('a claim that was taken over by another process keeps no reply', async () => {
  const key = randomUUID();
  const claim = await store.claim({ tenant: 'acme', subject: 'ada', key }, undefined);
  const owner = claim.state === 'claimed' ? claim.owner : '';
  await admin.query('UPDATE notes.idempotency_keys SET owner = gen_random_uuid() WHERE key = $1', [key]);
  expect(await store.complete(owner, { status: 200, headers: {}, body: undefined }, undefined)).toBe(false);
});

test('after 24 hours the key is new, and the old row is cleaned away', async () => {
  const key = randomUUID();
  await ask(key, 1);
  const { rows } = await admin.query(
    'SELECT round(extract(epoch FROM expires_at - now()) / 3600) AS hours FROM notes.idempotency_keys WHERE key = $1',
    [key],
  );
  expect(Number(rows[0].hours)).toBe(24);
  await admin.query("UPDATE notes.idempotency_keys SET expires_at = now() - interval '1 s' WHERE key = $1", [key]);
  expect((await ask(key, 2)).status).toBe(201);
  await admin.query("UPDATE notes.idempotency_keys SET expires_at = now() - interval '1 s' WHERE key = $1", [key]);
  await store.clean();
  expect((await admin.query('SELECT 1 FROM notes.idempotency_keys WHERE key = $1', [key])).rowCount).toBe(0);
});

test('a route may demand a key, or take none', async () => {
  const without = await service.fetch('/v1/strict', { json: { n: 1 } });
  expect([without.status, await codeOf(without)]).toEqual([400, 'IDEMPOTENCY_KEY_MISSING']);
  const key = randomUUID();
  await ask(key, 1, '/v1/safe');
  await ask(key, 2, '/v1/safe');
  expect(runs).toBe(2);
});

test('a key that is none is a 400', async () => {
  expect(await codeOf(await ask('k'.repeat(256), 1))).toBe('IDEMPOTENCY_KEY_INVALID');
  expect(await codeOf(await ask('a b', 1))).toBe('IDEMPOTENCY_KEY_INVALID');
});

const sendForm = (key: string, content: string): Promise<Response> => {
  const form = new FormData();
  form.append('file', new Blob([content]), 'f.txt');
  return service.fetch('/v1/form', { method: 'POST', body: form, headers: { 'idempotency-key': key } });
};

test('a form is known by its parts, whatever its boundary', async () => {
  const key = randomUUID();
  const first = await sendForm(key, 'content');
  const again = await sendForm(key, 'content');
  expect([await first.text(), await again.text()]).toEqual(['1:content', '1:content']);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect((await sendForm(key, 'other')).status).toBe(422);
});

test('a raw body is known by its bytes', async () => {
  const key = randomUUID();
  const send = (body: string): Promise<Response> =>
    service.fetch('/v1/form', {
      method: 'POST',
      body,
      headers: { 'idempotency-key': key, 'content-type': 'text/plain' },
    });
  expect(await (await send('abc')).text()).toBe('abc');
  expect((await send('abc')).headers.get('idempotency-replayed')).toBe('true');
  expect((await send('abd')).status).toBe(422);
});

test('the documentation has the header', async () => {
  const { paths } = (await (await service.fetch('/openapi.json')).json()) as {
    paths: Record<string, { post: { parameters?: { name: string; required: boolean }[] } }>;
  };
  expect(paths['/v1/json']?.post.parameters).toMatchObject([{ name: 'Idempotency-Key', required: false }]);
  expect(paths['/v1/strict']?.post.parameters).toMatchObject([{ name: 'Idempotency-Key', required: true }]);
  expect(paths['/v1/safe']?.post.parameters).toBeUndefined();
});
