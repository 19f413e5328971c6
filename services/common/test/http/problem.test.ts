import { startSample } from '../builders/sample-service.ts';
import type { SampleService } from '../builders/sample-service.ts';

let service: SampleService;
beforeAll(async () => {
  service = await startSample();
});
afterAll(() => service.close());

interface Problem {
  code: string;
  errors: { pointer: string; in?: string; detail: string }[];
}

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return (await response.json()) as Problem;
}

test('an AppError becomes problem details with code, instance and request id', async () => {
  const response = await service.fetch('/v1/notes/missing?secret=1', { headers: { 'x-request-id': 'abc-1' } });
  expect(response.status).toBe(404);
  expect(await problemOf(response)).toEqual({
    type: 'tag:genaiplatform.io,2026:problem/note-missing',
    title: 'Not Found',
    status: 404,
    detail: 'there is no such note',
    instance: '/v1/notes/missing',
    code: 'NOTE_MISSING',
    retryable: false,
    request_id: 'abc-1',
  });
});

test('every wrong member of a body is named by its JSON Pointer', async () => {
  const response = await service.fetch('/v1/notes', { json: { text: 'x'.repeat(21), stars: 1.5, 'a/b~c': 1 } });
  expect(response.status).toBe(400);
  const { code, errors } = await problemOf(response);
  expect(code).toBe('REQUEST_INVALID');
  expect(errors.map((e) => e.pointer).sort()).toEqual(['', '/stars', '/text']);
});

test('wrong parts outside the body say where they are', async () => {
  const query = await problemOf(await service.fetch('/v1/search?limit=1000'));
  expect(query.errors).toEqual([
    { pointer: '/q', in: 'query', detail: expect.any(String) },
    { pointer: '/limit', in: 'query', detail: expect.any(String) },
  ]);
  const path = await problemOf(await service.fetch('/v1/notes/much-too-long'));
  expect(path.errors[0]).toMatchObject({ pointer: '/id', in: 'path' });
});

test('an unknown error becomes a 500 that tells nothing outside, and everything but secrets in the log', async () => {
  const response = await service.fetch('/v1/fails', { as: null });
  expect(response.status).toBe(500);
  const text = JSON.stringify(await problemOf(response));
  expect(text).toContain('INTERNAL');
  expect(text).not.toMatch(/exploded|hunter2|stack/);
  const line = JSON.stringify(service.logs.find((l) => l.route === '/v1/fails' && l.level === 'error'));
  expect(line).toContain('exploded');
  expect(line).toContain(response.headers.get('x-request-id'));
  expect(line).not.toContain('hunter2');
});

test('a reply that is not as described is a 500, not a surprise', async () => {
  expect((await service.fetch('/v1/wrong-reply', { as: null })).status).toBe(500);
});

test('what a reply does not describe does not leave', async () => {
  const response = await service.fetch('/v1/notes/1', { method: 'PATCH', json: {} });
  expect(await response.json()).toEqual({ id: 'a', text: 'b', stars: 0 });
});

test('an unknown address is a 404, a known one with another method a 405 with Allow', async () => {
  const missing = await service.fetch('/v1/nothing');
  expect(missing.status).toBe(404);
  expect((await problemOf(missing)).code).toBe('ROUTE_UNKNOWN');
  const wrong = await service.fetch('/v1/notes/1', { method: 'PUT' });
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH');
  await problemOf(wrong);
});

test('OPTIONS tells the methods', async () => {
  const response = await service.fetch('/v1/notes', { method: 'OPTIONS' });
  expect(response.status).toBe(204);
  expect(response.headers.get('allow')).toBe('OPTIONS, POST');
});

test('a malformed address is a 400', async () => {
  const response = await service.fetch('/v1/notes/%E0%A4%A');
  expect(response.status).toBe(400);
  expect((await problemOf(response)).code).toBe('REQUEST_MALFORMED');
});

test('OpenAI-shaped routes answer errors in the shape of OpenAI', async () => {
  const limited = await service.fetch('/v1/chat/completions', { json: { model: 'm', messages: [] } });
  expect(limited.status).toBe(429);
  expect(limited.headers.get('retry-after')).toBe('2');
  expect(await limited.json()).toEqual({
    error: { message: 'too many requests', type: 'rate_limit_error', param: null, code: 'rate_limited' },
  });
  const invalid = await service.fetch('/v1/chat/completions', { json: { model: 'm', messages: [{}] } });
  expect(invalid.headers.get('content-type')).toBe('application/json');
  expect(await invalid.json()).toEqual({
    error: {
      message: expect.stringContaining('/messages/0/role'),
      type: 'invalid_request_error',
      param: 'messages.0.role',
      code: 'request_invalid',
    },
  });
  const anonymous = await service.fetch('/v1/chat/completions', { as: null, json: {} });
  expect(await anonymous.json()).toMatchObject({ error: { type: 'authentication_error' } });
});

test('a stream that fails midway is broken off, never ended cleanly', async () => {
  const response = await service.fetch('/v1/broken-stream', { as: null });
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
});

test('streams and own replies arrive whole', async () => {
  expect(await (await service.fetch('/v1/stream', { as: null })).text()).toBe('one two three');
  const own = await service.fetch('/v1/own', { as: null });
  expect([own.status, await own.text()]).toEqual([203, 'own']);
});
