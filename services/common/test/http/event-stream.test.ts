import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { AppError, EventLog, createService, events, get, routes } from '../../src/index.ts';
import type { EventSource, EventStreamOptions } from '../../src/index.ts';
import { FakeClock, createTestContext, startService } from '../../src/testing/index.ts';
import type { TestContext, TestService } from '../../src/testing/index.ts';
import { parseEvents } from '../builders/event-parser.ts';

let service: TestService;
let context: TestContext;
let clock: FakeClock;
let source: EventSource;
let options: EventStreamOptions;

beforeEach(async () => {
  clock = new FakeClock();
  context = createTestContext({ name: 'notes', clock });
  options = {};
  const route = get('/v1/events', { summary: 's', public: true, produces: ['text/event-stream'] }, () =>
    events((after, signal) => source(after, signal), options),
  );
  const openai = get('/v1/openai', { summary: 's', public: true, errorFormat: 'openai' }, () =>
    events((after, signal) => source(after, signal), { format: 'openai' }),
  );
  service = await startService(createService({ context, routes: [routes(route, openai)] }), context);
});
afterEach(() => service.close());

async function* numbers(upTo: number): AsyncGenerator<{ id: number; data: { n: number } }> {
  for (let n = 1; n <= upTo; n += 1) yield { id: n, data: { n } };
}

const open = async (path = '/v1/events', headers: Record<string, string> = {}): Promise<IncomingMessage> => {
  const outgoing = request(service.url + path, { headers });
  outgoing.on('error', () => undefined);
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  response.setEncoding('utf8').on('error', () => undefined);
  return response;
};

const closed = (response: IncomingMessage): Promise<void> => new Promise((resolve) => response.once('close', resolve));

test('sends each event with its id, unbuffered and uncached', async () => {
  source = () => numbers(3);
  const response = await service.fetch('/v1/events', { as: null });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(parseEvents(await response.text())).toMatchObject([
    { id: '1', data: '{"n":1}' },
    { id: '2', data: '{"n":2}' },
    { id: '3', data: '{"n":3}' },
  ]);
});

test('a data text of several lines arrives as it was', async () => {
  source = async function* () {
    yield { event: 'note', data: 'one\ntwo\r\nthree' };
  };
  const messages = parseEvents(await (await service.fetch('/v1/events', { as: null })).text());
  expect(messages).toMatchObject([{ event: 'note', data: 'one\ntwo\nthree' }]);
});

test.each([
  ['Last-Event-ID', '/v1/events', { 'last-event-id': '7' }],
  ['starting_after', '/v1/events?starting_after=7', {}],
  ['the header before the parameter', '/v1/events?starting_after=3', { 'last-event-id': '7' }],
])('goes on where the client was: %s', async (_, path, headers) => {
  const log = new EventLog();
  for (let n = 1; n <= 9; n += 1) log.push({ data: n });
  log.end();
  source = (after, signal) => log.read(after, signal);
  const messages = parseEvents(await (await service.fetch(path, { as: null, headers })).text());
  expect(messages.map(({ id, data }) => [id, data])).toEqual([
    ['8', '8'],
    ['9', '9'],
  ]);
});

test('a comment every 15 s keeps the line open', async () => {
  source = async function* (_after, signal) {
    await once(signal, 'abort');
    yield { data: 'never' };
  };
  const response = await open();
  let text = '';
  response.on('data', (piece: string) => (text += piece));
  for (let beat = 1; beat <= 3; beat += 1) {
    await clock.advance(15_000);
    while (text.length < beat * ': heartbeat\n\n'.length) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(text).toBe(': heartbeat\n\n'.repeat(3));
  response.destroy();
});

test('a client that goes away stops the source', async () => {
  const stopped = new Promise<void>((resolve) => {
    source = async function* (_after, signal) {
      try {
        yield { data: 'one' };
        await once(signal, 'abort');
      } finally {
        resolve();
      }
    };
  });
  const response = await open();
  await once(response, 'data');
  response.destroy();
  await stopped;
});

test('a source that fails ends with an event that says so, and never cleanly', async () => {
  source = async function* () {
    yield { id: 1, data: 'one' };
    throw new AppError('UPSTREAM_BROKE', { status: 502, detail: 'the model stopped' });
  };
  const response = await open();
  let text = '';
  response.on('data', (piece: string) => (text += piece));
  await closed(response);
  expect(response.complete).toBe(false);
  const messages = parseEvents(text);
  expect(messages).toMatchObject([{ data: 'one' }, { event: 'error' }]);
  expect(JSON.parse(messages[1]?.data ?? '')).toMatchObject({ status: 502, code: 'UPSTREAM_BROKE' });
});

test('as OpenAI has it: ends with [DONE], or with an error and abnormally', async () => {
  source = () => numbers(1);
  expect(await (await service.fetch('/v1/openai', { as: null })).text()).toBe(
    'id: 1\ndata: {"n":1}\n\ndata: [DONE]\n\n',
  );
  source = async function* () {
    yield { data: 'half' };
    throw new AppError('UPSTREAM_BROKE', { status: 502, detail: 'the model stopped' });
  };
  const response = await open('/v1/openai');
  let text = '';
  response.on('data', (piece: string) => (text += piece));
  await closed(response);
  expect(response.complete).toBe(false);
  expect(text).not.toContain('[DONE]');
  expect(JSON.parse(parseEvents(text)[1]?.data ?? '')).toEqual({
    error: { message: 'the model stopped', type: 'server_error', param: null, code: 'upstream_broke' },
  });
});

test('a client that does not read slows the source down instead of filling memory', async () => {
  let made = 0;
  source = async function* () {
    for (; made < 1_000_000; made += 1) yield { id: made, data: 'x'.repeat(10_000) };
  };
  const response = await open();
  let before = -1;
  while (made !== before) {
    before = made;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(made * 10_000).toBeLessThan(64_000_000);
  const ended = closed(response);
  await clock.advance(60_000);
  response.resume();
  await ended;
  expect(response.complete).toBe(false);
});

test('when the process stops, the stream ends cleanly, though its source does not listen', async () => {
  source = async function* () {
    yield { id: 1, data: 'one' };
    await new Promise(() => undefined);
  };
  const response = await open();
  await once(response, 'data');
  context.lifecycle.endStreams();
  response.resume();
  await once(response, 'end');
  expect(response.complete).toBe(true);
});

test('an event log tells who comes too late how much is missing', async () => {
  const log = new EventLog(3);
  for (let n = 1; n <= 10; n += 1) log.push({ data: n });
  log.end();
  const read: unknown[] = [];
  for await (const event of log.read('2', new AbortController().signal)) read.push(event);
  expect(read).toEqual([
    { event: 'gap', data: { missed: 5 } },
    { id: 8, data: 8 },
    { id: 9, data: 9 },
    { id: 10, data: 10 },
  ]);
});

test('an event log gives every reader everything, while it is being written', async () => {
  const log = new EventLog();
  const read = async (): Promise<unknown[]> => {
    const seen: unknown[] = [];
    for await (const { data } of log.read(undefined, new AbortController().signal)) seen.push(data);
    return seen;
  };
  const readers = [read(), read()];
  for (let n = 1; n <= 100; n += 1) {
    log.push({ data: n });
    if (n % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  log.end();
  const all = Array.from({ length: 100 }, (_, i) => i + 1);
  expect(await Promise.all(readers)).toEqual([all, all]);
});

test('the documentation says how to resume', async () => {
  const { paths } = (await (await service.fetch('/openapi.json')).json()) as {
    paths: Record<string, { get: { parameters: { name: string }[] } }>;
  };
  expect(paths['/v1/events']?.get.parameters.map(({ name }) => name)).toEqual(['Last-Event-ID', 'starting_after']);
});
