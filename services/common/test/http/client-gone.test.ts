import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { createService, get, post, routes, stream } from '../../src/index.ts';
import { createTestContext, startService } from '../../src/testing/index.ts';
import type { TestService } from '../../src/testing/index.ts';

let service: TestService;
let logs: Record<string, unknown>[];
let began: Promise<void>;
let aborted: Promise<unknown>;

beforeEach(async () => {
  logs = [];
  let begin = (): void => undefined;
  let abort = (_reason: unknown): void => undefined;
  began = new Promise((resolve) => (begin = resolve));
  aborted = new Promise((resolve) => (abort = resolve));
  const context = createTestContext({ name: 'notes', onLog: (line) => logs.push(line) });
  const slow = get('/v1/slow', { summary: 's', public: true }, async ({ signal }) => {
    begin();
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  });
  const endless = get('/v1/endless', { summary: 's', public: true, produces: ['text/plain'] }, () =>
    stream(
      (async function* () {
        try {
          for (;;) {
            yield 'x'.repeat(1_000);
            begin();
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        } finally {
          abort('stopped');
        }
      })(),
      'text/plain',
    ),
  );
  const json = post('/v1/json', { summary: 's', public: true, body: z.object({}) }, () => undefined);
  service = await startService(createService({ context, routes: [routes(slow, endless, json)] }), context);
});
afterEach(() => service.close());

function send(text: string): Socket {
  const socket = connect(service.port, '127.0.0.1', () => socket.write(text));
  return socket.on('error', () => undefined);
}

async function accessLine(): Promise<Record<string, unknown>> {
  for (;;) {
    const line = logs.find(({ message }) => message === 'request answered');
    if (line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a client that goes aborts the handler, and is no error of the service', async () => {
  const socket = send('GET /v1/slow HTTP/1.1\r\nhost: x\r\n\r\n');
  await began;
  socket.destroy();
  expect(await accessLine()).toMatchObject({ status: 499, aborted: true, route: '/v1/slow' });
  expect(logs.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a client that goes stops the stream that it was sent, and is no error of the service', async () => {
  const socket = send('GET /v1/endless HTTP/1.1\r\nhost: x\r\n\r\n');
  await began;
  socket.destroy();
  expect(await aborted).toBe('stopped');
  expect(await accessLine()).toMatchObject({ status: 200, aborted: true });
  expect(logs.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a client that goes in the middle of its body is no error of the service', async () => {
  const socket = send(
    'POST /v1/json HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"a',
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  expect(await accessLine()).toMatchObject({ status: 499, aborted: true });
  expect(logs.filter(({ level }) => level === 'error')).toEqual([]);
});
