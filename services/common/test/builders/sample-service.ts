import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  AppError,
  answered,
  createService,
  del,
  empty,
  get,
  patch,
  post,
  reply,
  routes,
  stream,
} from '../../src/index.ts';
import type { ServiceOptions } from '../../src/index.ts';
import { createTestContext, startService } from '../../src/testing/index.ts';
import type { TestContext, TestContextOptions, TestService } from '../../src/testing/index.ts';

export const Note = z
  .object({ id: z.string(), text: z.string().max(20), stars: z.number().int().min(0).max(5).default(0) })
  .meta({ id: 'Note', description: 'A note' });
const NewNote = Note.omit({ id: true }).strict().meta({ id: 'NewNote' });

export const sampleRoutes = routes(
  get(
    '/v1/notes/:id',
    { summary: 'Get a note', params: z.object({ id: z.string().max(8) }), reply: Note, scopes: ['notes:read'] },
    async ({ params, identity }) => {
      if (params.id === 'missing') throw new AppError('NOTE_MISSING', { status: 404, detail: 'there is no such note' });
      return { id: params.id, text: identity.tenant, stars: 1 };
    },
  ),
  post(
    '/v1/notes',
    { summary: 'Write a note', body: NewNote, reply: Note, status: 201, scopes: ['notes:write'], maxBodyBytes: 1_000 },
    async ({ body }) => reply({ id: 'n1', ...body }, { headers: { location: '/v1/notes/n1' } }),
  ),
  patch('/v1/notes/:id', { summary: 'Leaks', body: z.object({}), reply: Note }, async () =>
    Object.assign({ id: 'a', text: 'b', stars: 0 }, { password_hash: 'x' }),
  ),
  del('/v1/notes/:id', { summary: 'Delete a note' }, async () => empty()),
  get(
    '/v1/search',
    {
      summary: 'Search',
      query: z.object({ q: z.string(), limit: z.coerce.number().int().min(1).max(100).default(20) }),
      reply: z.object({ q: z.string(), limit: z.number() }),
    },
    async ({ query }) => query,
  ),
  get('/v1/fails', { summary: 'Fails', public: true }, async () => {
    throw new Error('postgres://u:hunter2@db/x exploded');
  }),
  get(
    '/v1/wrong-reply',
    { summary: 'Answers wrongly', public: true, reply: z.object({ n: z.number() }) },
    async () => ({ n: 'many' }),
  ),
  post(
    '/v1/chat/completions',
    {
      summary: 'OpenAI shaped',
      body: z.object({ model: z.string(), messages: z.array(z.object({ role: z.string() })) }),
      errorFormat: 'openai',
    },
    async () => {
      throw new AppError('RATE_LIMITED', { status: 429, detail: 'too many requests', retryAfterSeconds: 1.2 });
    },
  ),
  post(
    '/v1/upload',
    {
      summary: 'Upload',
      multipart: { maxFiles: 2, maxFileBytes: 1_000, maxFieldBytes: 100, maxFields: 3 },
      raw: { contentTypes: ['text/plain', 'image/*'] },
      maxBodyBytes: 5_000,
      reply: z.unknown(),
    },
    async ({ multipart, raw }) => {
      if (raw !== undefined) return { type: raw.contentType.type, size: (await raw.bytes()).length };
      const { fields, files } = await multipart!.read();
      return { fields, files: files.map(({ name, filename, bytes }) => ({ name, filename, size: bytes.length })) };
    },
  ),
  get('/v1/stream', { summary: 'Streams', public: true, produces: ['text/plain'] }, async () =>
    stream(Readable.from(['one ', 'two ', 'three']), 'text/plain'),
  ),
  get('/v1/broken-stream', { summary: 'Breaks', public: true, produces: ['text/plain'] }, async () =>
    stream(
      (async function* () {
        yield 'half';
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new Error('upstream broke');
      })(),
      'text/plain',
    ),
  ),
  get('/v1/own', { summary: 'Own reply', public: true }, async ({ res }) => {
    res.status(203).end('own');
    return answered();
  }),
);

export interface SampleService extends TestService {
  readonly context: TestContext;
  readonly logs: Record<string, unknown>[];
}

/** A small service with a route of every kind, on a real server. */
export async function startSample(
  options: Partial<ServiceOptions> & { context?: Partial<TestContextOptions> & Partial<TestContext> } = {},
): Promise<SampleService> {
  const logs: Record<string, unknown>[] = [];
  const context = createTestContext({ name: 'notes', onLog: (line) => logs.push(line) });
  const app = createService({ routes: [sampleRoutes], ...options, context });
  return { ...(await startService(app, context)), context, logs };
}
