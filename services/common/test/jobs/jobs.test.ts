import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { z } from 'zod';
import {
  AppError,
  Job,
  JobOutput,
  Jobs,
  Postgres,
  SsrfGuard,
  WebhookTarget,
  createService,
  jobKind,
  jobResponse,
  jobTables,
  post,
  routes,
  signWebhook,
  verifyWebhook,
} from '../../src/index.ts';
import type { JobRun } from '../../src/index.ts';
import { createDatabase, createTestContext, startService } from '../../src/testing/index.ts';
import type { TestDatabase, TestService } from '../../src/testing/index.ts';
import { databaseConfig } from '../builders/database.ts';
import { parseEvents } from '../builders/event-parser.ts';
import { JobStore } from '../../src/jobs/job-store.ts';

const Input = z.object({ text: z.string() });
const Body = Input.extend({ webhook: WebhookTarget.optional(), wait: z.number().default(0) });
type Work = (job: JobRun<z.output<typeof Input>>) => Promise<unknown>;

let database: TestDatabase;
let admin: pg.Client;
let work: Work;
const services: TestService[] = [];

beforeAll(async () => {
  database = await createDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(`CREATE SCHEMA notes; SET search_path = notes; ${jobTables.sql}`);
});
beforeEach(() => {
  work = async ({ input }) => ({ length: input.text.length });
});
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
  await admin.query('DELETE FROM notes.jobs');
});
afterAll(async () => {
  await admin.end();
  await database.close();
});

/** One process of the service; several share the database. */
async function start({ concurrency = 2, maxOpenPerTenant = 100 } = {}): Promise<TestService> {
  const context = createTestContext({ name: 'notes' });
  const { log, lifecycle } = context;
  const db = new Postgres({ config: databaseConfig(database), log, name: 'notes' });
  lifecycle.onClose('database', () => db.close());
  const jobs = new Jobs({
    context,
    database: db,
    path: '/v1/notes/jobs',
    kinds: { measure: jobKind(Input, (job) => work(job)) },
    scopes: { read: ['notes:read'], write: ['notes:write'] },
    concurrency,
    limits: { maxOpenPerTenant },
    guard: new SsrfGuard({ allowed: ['127.0.0.1/32'] }),
  });
  jobs.start();
  const measure = post(
    '/v1/notes/measure',
    { summary: 's', body: Body, reply: Job, replies: { 202: { description: 'Begun', schema: Job } } },
    async ({ body: { wait, webhook, ...input }, identity, req, signal }) => {
      const job = await jobs.add({ kind: 'measure', input, webhook }, identity);
      return await jobResponse(jobs, job, { req, signal, tenant: identity.tenant, waitSeconds: wait });
    },
  );
  const service = await startService(createService({ context, routes: [routes(measure), jobs.routes()] }), context);
  services.push(service);
  return service;
}

const ask = (service: TestService, json: object, prefer?: string): Promise<Response> =>
  service.fetch('/v1/notes/measure', {
    json: { text: 'four', ...json },
    headers: prefer === undefined ? {} : { prefer },
  });
const jobOf = async (response: Response | Promise<Response>): Promise<Job> => (await (await response).json()) as Job;

/** The job when it has ended; the test's own timeout is the limit. */
async function ended(service: TestService, id: string): Promise<Job> {
  for (;;) {
    const job = await jobOf(service.fetch(`/v1/notes/jobs/${id}`));
    if (!['queued', 'running'].includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Work that begins, and goes on until it is aborted or released. */
function held(): { began: Promise<void>; release: () => void; aborted: Promise<Error> } {
  let release = (): void => undefined;
  let abort = (_reason: Error): void => undefined;
  const aborted = new Promise<Error>((resolve) => (abort = resolve));
  const began = new Promise<void>((resolve) => {
    work = ({ signal }) => {
      resolve();
      return new Promise((done, fail) => {
        release = () => done('released');
        signal.addEventListener('abort', () => {
          abort(signal.reason as Error);
          fail(signal.reason as Error);
        });
      });
    };
  });
  return { began, release: () => release(), aborted };
}

test('a job is answered with 202 and its address, and has its result there', async () => {
  const service = await start();
  const response = await ask(service, {});
  expect(response.status).toBe(202);
  const job = await jobOf(response);
  expect(response.headers.get('location')).toBe(`/v1/notes/jobs/${job.id}`);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(job).toMatchObject({ object: 'job', kind: 'measure', result: null, error: null });
  expect(await ended(service, job.id)).toMatchObject({ status: 'succeeded', progress: 1, result: { length: 4 } });
});

test('Prefer: wait gets the ended job, if it ends in time', async () => {
  const service = await start();
  const quick = await ask(service, {}, 'wait=10');
  expect([quick.status, quick.headers.get('preference-applied')]).toEqual([200, 'wait=10']);
  expect(await jobOf(quick)).toMatchObject({ status: 'succeeded', result: { length: 4 } });
  const { release } = held();
  const slow = await ask(service, {}, 'respond-async, wait=1');
  expect([slow.status, slow.headers.get('preference-applied')]).toEqual([202, 'respond-async, wait=1']);
  release();
});

test('Prefer: respond-async does not wait, though the route would', async () => {
  const service = await start();
  const { release } = held();
  const response = await ask(service, { wait: 30 }, 'respond-async');
  expect([response.status, response.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
  release();
});

test('who waits for a job that fails gets its problem', async () => {
  const service = await start();
  work = async () => {
    throw new AppError('NOTES_UNREADABLE', { status: 422, detail: 'line 3 is unreadable' });
  };
  const response = await ask(service, {}, 'wait=10');
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ code: 'NOTES_UNREADABLE', detail: 'line 3 is unreadable' });
});

test('a job that fails keeps its problem, and nothing of an unknown error', async () => {
  const service = await start();
  work = async () => {
    throw new Error('password=hunter2');
  };
  const { id } = await jobOf(ask(service, {}));
  const job = await ended(service, id);
  expect(job).toMatchObject({ status: 'failed', error: { status: 500, code: 'INTERNAL' } });
  expect(JSON.stringify(job)).not.toContain('hunter2');
});

test('a passing failure is tried again, a lasting one is not', async () => {
  const service = await start();
  let attempts = 0;
  work = async ({ attempt }) => {
    attempts += 1;
    if (attempt === 1) throw new AppError('BUSY', { status: 503 });
    return { attempt };
  };
  const { id } = await jobOf(ask(service, {}));
  expect(await ended(service, id)).toMatchObject({ status: 'succeeded', result: { attempt: 2 } });
  expect(attempts).toBe(2);
}, 15_000);

test('a file that a job has made is at its output address', async () => {
  const service = await start();
  work = async ({ input }) => new JobOutput(Buffer.from(input.text.toUpperCase()), 'text/plain');
  const job = await jobOf(ask(service, {}, 'wait=10'));
  expect(job).toMatchObject({ result: null, output_url: `/v1/notes/jobs/${job.id}/output` });
  const file = await service.fetch(job.output_url ?? '');
  expect([file.headers.get('content-type'), await file.text()]).toEqual(['text/plain', 'FOUR']);
});

test('a job of another tenant does not exist', async () => {
  const service = await start();
  const { id } = await jobOf(ask(service, {}));
  for (const path of ['', '/events', '/output']) {
    const response = await service.fetch(`/v1/notes/jobs/${id}${path}`, { as: { tenant: 'other' } });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'JOB_MISSING']);
  }
  expect((await service.fetch(`/v1/notes/jobs/${id}/cancel`, { method: 'POST', as: { tenant: 'other' } })).status).toBe(
    404,
  );
  const { data } = (await (await service.fetch('/v1/notes/jobs', { as: { tenant: 'other' } })).json()) as { data: [] };
  expect(data).toEqual([]);
});

test('jobs are listed newest first, in pages', async () => {
  const service = await start();
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.unshift((await jobOf(ask(service, {}))).id);
  const page = (await (await service.fetch('/v1/notes/jobs?limit=2')).json()) as { data: Job[]; has_more: boolean };
  expect(page.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(page.has_more).toBe(true);
});

test('the events of a job tell its life, and can be resumed', async () => {
  const service = await start();
  work = async ({ progress }) => progress(0.5);
  const { id } = await jobOf(ask(service, {}));
  const all = parseEvents(await (await service.fetch(`/v1/notes/jobs/${id}/events`)).text());
  expect(all.map(({ event }) => event)).toEqual(['queued', 'started', 'progress', 'succeeded']);
  expect(all.map((event) => event.id)).toEqual(['1', '2', '3', '4']);
  const headers = { 'last-event-id': '2' };
  const rest = parseEvents(await (await service.fetch(`/v1/notes/jobs/${id}/events`, { headers })).text());
  expect(rest).toMatchObject([{ event: 'progress', data: '{"progress":0.5}' }, { event: 'succeeded' }]);
  const none = await service.fetch(`/v1/notes/jobs/${id}/events?starting_after=4`);
  expect(await none.text()).toBe('');
});

test('the last event of a job that ends while its events are read is not missed', async () => {
  const service = await start();
  const { began, release } = held();
  const { id } = await jobOf(ask(service, {}));
  await began;
  const { isOpen } = JobStore.prototype;
  const asked = jest.spyOn(JobStore.prototype, 'isOpen').mockImplementation(async function (this: JobStore, job) {
    release();
    await ended(service, id);
    return await isOpen.call(this, job);
  });
  try {
    const all = parseEvents(await (await service.fetch(`/v1/notes/jobs/${id}/events`)).text());
    expect(all.map(({ event }) => event)).toEqual(['queued', 'started', 'succeeded']);
  } finally {
    asked.mockRestore();
  }
});

test('a running job is cancelled, in whatever process it runs', async () => {
  const worker = await start();
  const other = await start({ concurrency: 0 });
  const { began, aborted } = held();
  const { id } = await jobOf(ask(other, {}));
  await began;
  await other.fetch(`/v1/notes/jobs/${id}/cancel`, { method: 'POST' });
  expect((await aborted).message).toBe('the job is cancelled');
  expect((await ended(worker, id)).status).toBe('cancelled');
});

test('a queued job is cancelled at once, and an ended one stays as it is', async () => {
  const service = await start({ concurrency: 0 });
  const { id } = await jobOf(ask(service, {}));
  const cancel = (): Promise<Job> => jobOf(service.fetch(`/v1/notes/jobs/${id}/cancel`, { method: 'POST' }));
  expect((await cancel()).status).toBe('cancelled');
  const worker = await start();
  const done = await jobOf(ask(worker, {}, 'wait=10'));
  expect((await jobOf(worker.fetch(`/v1/notes/jobs/${done.id}/cancel`, { method: 'POST' }))).status).toBe('succeeded');
});

test('many jobs run once each, however many processes there are', async () => {
  const processes = [await start({ concurrency: 4 }), await start({ concurrency: 4 })];
  const runs: string[] = [];
  work = async ({ id }) => runs.push(id);
  const jobs = await Promise.all(Array.from({ length: 30 }, (_, n) => jobOf(ask(processes[n % 2] as TestService, {}))));
  await Promise.all(jobs.map(({ id }) => ended(processes[0] as TestService, id)));
  expect([...runs].sort()).toEqual(jobs.map(({ id }) => id).sort());
});

test('a process works on a bounded number at once', async () => {
  const service = await start({ concurrency: 2 });
  let running = 0;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  work = async () => {
    running += 1;
    await released;
  };
  const jobs = await Promise.all(Array.from({ length: 8 }, () => jobOf(ask(service, {}))));
  while (running < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(running).toBe(2);
  release();
  await Promise.all(jobs.map(({ id }) => ended(service, id)));
  expect(running).toBe(8);
});

test('the job of a worker that died is taken by another, which it cannot disturb any more', async () => {
  const dying = await start({ concurrency: 1 });
  const { began, aborted } = held();
  const { id } = await jobOf(ask(dying, {}));
  await began;
  work = async ({ attempt }) => ({ attempt });
  await admin.query("UPDATE notes.jobs SET due_at = now() - interval '1 s' WHERE id = $1", [id]);
  const other = await start();
  expect(await ended(other, id)).toMatchObject({ status: 'succeeded', result: { attempt: 2 } });
  expect((await aborted).message).toBe('the job is lost');
});

test('a job that kills its workers fails in the end', async () => {
  await admin.query(
    `INSERT INTO notes.jobs (id, kind, tenant, subject, status, input, attempts, due_at)
     VALUES ('job_00000000000000000000000000', 'measure', 'acme', 'ada', 'running', '{"text":""}', 3, now())`,
  );
  const service = await start();
  const job = await ended(service, 'job_00000000000000000000000000');
  expect(job).toMatchObject({ status: 'failed', error: { code: 'JOB_WORKER_LOST' } });
});

test('a process that stops gives its jobs to others, uncounted', async () => {
  const stopping = await start();
  const { began } = held();
  const { id } = await jobOf(ask(stopping, {}));
  await began;
  await stopping.close();
  services.splice(0);
  const { rows } = await admin.query('SELECT status, attempts, owner FROM notes.jobs WHERE id = $1', [id]);
  expect(rows).toEqual([{ status: 'queued', attempts: 0, owner: null }]);
  work = async ({ attempt }) => ({ attempt });
  expect(await ended(await start(), id)).toMatchObject({ result: { attempt: 1 } });
});

test('a draining process takes no new job', async () => {
  const draining = await start();
  const ran: string[] = [];
  work = async ({ id }) => void ran.push(id);
  // It may be about to take one right now: that one is given back.
  draining.context.lifecycle.beginDrain();
  const { id } = await jobOf(ask(draining, {}));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(ran).toEqual([]);
  const other = await start();
  expect((await ended(other, id)).status).toBe('succeeded');
});

test('a tenant with too many unfinished jobs has to wait', async () => {
  const service = await start({ concurrency: 0, maxOpenPerTenant: 2 });
  await ask(service, {});
  await ask(service, {});
  const refused = await ask(service, {});
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  expect((await service.fetch('/v1/notes/measure', { json: { text: 'x' }, as: { tenant: 'other' } })).status).toBe(202);
});

test('what has expired is removed, with its events', async () => {
  const service = await start();
  const { id } = await jobOf(ask(service, {}, 'wait=10'));
  await admin.query("UPDATE notes.jobs SET expires_at = now() - interval '1 s' WHERE id = $1", [id]);
  await ask(service, {}, 'wait=10');
  for (;;) {
    const { rowCount } = await admin.query('SELECT 1 FROM notes.job_events WHERE job_id = $1', [id]);
    if (rowCount === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect((await service.fetch(`/v1/notes/jobs/${id}`)).status).toBe(404);
}, 15_000);

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

async function receiver(
  statuses: number[],
): Promise<{ url: string; messages: { headers: IncomingHttpHeaders; body: string }[]; close: () => void }> {
  const messages: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (text: string) => (body += text));
    req.on('end', () => {
      messages.push({ headers: req.headers, body });
      res.writeHead(statuses.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    messages,
    close: () => server.close(),
  };
}

test('the end of a job is told to its webhook, signed, and again when it was not taken', async () => {
  const { url, messages, close } = await receiver([500]);
  const service = await start();
  const { id } = await jobOf(ask(service, { webhook: { url, secret } }, 'wait=10'));
  while (messages.length < 1) await new Promise((resolve) => setTimeout(resolve, 20));
  await admin.query('UPDATE notes.jobs SET webhook_due_at = now() WHERE id = $1 AND webhook_due_at IS NOT NULL', [id]);
  while (messages.length < 2) {
    await admin.query('UPDATE notes.jobs SET webhook_due_at = now() WHERE id = $1 AND webhook_due_at IS NOT NULL', [
      id,
    ]);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const { headers, body } of messages) {
    expect(verifyWebhook(secret, headers as Record<string, string>, body, Date.now())).toBe(true);
    expect(headers['webhook-id']).toBe(`msg_${id}`);
    expect(JSON.parse(body)).toMatchObject({
      type: 'job.succeeded',
      data: { id, status: 'succeeded', result: { length: 4 } },
    });
  }
  for (;;) {
    const { rows } = await admin.query('SELECT webhook, webhook_due_at FROM notes.jobs WHERE id = $1', [id]);
    if (rows[0]?.webhook === null && rows[0]?.webhook_due_at === null) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  close();
}, 20_000);

test('a webhook to an address inside is refused, before anything runs', async () => {
  const service = await start();
  const response = await ask(service, { webhook: { url: 'http://169.254.169.254/', secret } });
  expect(await response.json()).toMatchObject({ status: 400, code: 'ADDRESS_REFUSED' });
  expect((await admin.query('SELECT 1 FROM notes.jobs')).rowCount).toBe(0);
});

test('the signature of a webhook is that of the standard, and any change breaks it', () => {
  // The example of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  const example = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const nowMs = 1_614_265_330_000;
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const body = '{"test": 2432232314}';
  const headers: Record<string, string> = { ...signWebhook(example, id, body, nowMs) };
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  const check = (change: Record<string, string>, text = body, at = nowMs, key = example): boolean =>
    verifyWebhook(key, { ...headers, ...change }, text, at);
  expect(check({})).toBe(true);
  expect(check({ 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` })).toBe(true);
  expect(check({ 'webhook-id': 'msg_other' })).toBe(false);
  expect(check({ 'webhook-timestamp': '1614265331' })).toBe(false);
  expect(check({ 'webhook-signature': 'v1,AAAA' })).toBe(false);
  expect(check({}, '{"test": 2432232315}')).toBe(false);
  expect(check({}, body, nowMs + 301_000)).toBe(false);
  expect(check({}, body, nowMs, secret)).toBe(false);
});
