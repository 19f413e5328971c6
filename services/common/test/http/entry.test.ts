import { startSample } from '../builders/sample-service.ts';
import type { SampleService } from '../builders/sample-service.ts';

let service: SampleService;
beforeAll(async () => {
  service = await startSample();
});
afterAll(() => service.close());
beforeEach(() => service.logs.splice(0));

const access = async (): Promise<Record<string, unknown>> => {
  for (;;) {
    const line = service.logs.find(({ message }) => message === 'request answered');
    if (line !== undefined) return line;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

test('keeps the request id of the caller, and makes one where there is none or an unfit one', async () => {
  const ask = async (headers: Record<string, string>): Promise<string | null> =>
    (await service.fetch('/livez', { headers })).headers.get('x-request-id');
  expect(await ask({ 'x-request-id': 'gateway-7.a:b' })).toBe('gateway-7.a:b');
  expect(await ask({})).toMatch(/^[0-9a-f-]{36}$/);
  expect(await ask({ 'x-request-id': 'x'.repeat(129) })).toMatch(/^[0-9a-f-]{36}$/);
  expect(await ask({ 'x-request-id': 'a b"<script>' })).toMatch(/^[0-9a-f-]{36}$/);
});

test('sends security headers, and says that replies are not to be kept', async () => {
  const { headers } = await service.fetch('/v1/notes/1');
  expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('strict-transport-security')).toContain('max-age');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('logs each request once, by its pattern, without personal data', async () => {
  await service.fetch('/v1/notes/abc?x=1', { headers: { 'x-request-id': 'r-1' } });
  const { trace_id: trace, ...line } = await access();
  expect(trace).toMatch(/^[0-9a-f]{32}$/);
  expect(line).toMatchObject({
    level: 'info',
    request_id: 'r-1',
    method: 'GET',
    route: '/v1/notes/:id',
    status: 200,
    tenant: 'acme',
    duration_ms: expect.any(Number),
  });
  expect(JSON.stringify(line)).not.toMatch(/abc|ada|127\.0\.0\.1/);
});

test('logs the code of an error that was answered', async () => {
  await service.fetch('/v1/notes/missing');
  expect(await access()).toMatchObject({ status: 404, code: 'NOTE_MISSING' });
});

test('probes are logged at debug level only', async () => {
  await service.fetch('/livez');
  expect((await access()).level).toBe('debug');
});

test('keeps the trace of the caller', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await service.fetch('/livez', { headers: { traceparent } });
  expect((await access()).trace_id).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
});

test('counts requests by pattern, never by path', async () => {
  await service.fetch('/v1/notes/one');
  await service.fetch('/v1/notes/two');
  await service.fetch('/no/such/path');
  await service.fetch('/v1/notes/one', { method: 'PUT' });
  const metrics = await (await service.fetch('/metrics', { as: null })).text();
  expect(metrics).toMatch(
    /genai_notes_http_request_duration_seconds_count\{method="GET",route="\/v1\/notes\/:id",status="200"\} \d+/,
  );
  expect(metrics).toMatch(/_count\{method="GET",route="unmatched",status="404"\} 1/);
  expect(metrics).toMatch(/_count\{method="PUT",route="\/v1\/notes\/:id",status="405"\} 1/);
  expect(metrics).toContain('genai_notes_http_in_flight_requests 1');
  expect(metrics).not.toContain('/v1/notes/one');
});
