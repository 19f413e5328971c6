import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestIdentity } from '../src/testing/index.ts';
import { startProcess } from './builders/service-process.ts';
import type { ServiceProcess } from './builders/service-process.ts';

interface ExportedSpan {
  traceId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: Record<string, unknown> }[];
}

let collector: Server;
let spans: ExportedSpan[];
let resources: unknown[];
let service: ServiceProcess;
let url: string;
const SERVER_KIND = 2;

beforeAll(async () => {
  spans = [];
  resources = [];
  collector = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (text: string) => (body += text));
    req.on('end', () => {
      const { resourceSpans } = JSON.parse(body) as {
        resourceSpans: { resource: unknown; scopeSpans: { spans: ExportedSpan[] }[] }[];
      };
      for (const { resource, scopeSpans } of resourceSpans) {
        resources.push(resource);
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
      res.writeHead(req.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  service = startProcess(new URL('./fixtures/slow-service.ts', import.meta.url).pathname, {
    SERVICE_NAME: 'slow',
    SERVICE_VERSION: '1.2.3',
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    IDENTITY_KEY_FILE: createTestIdentity().keyFile,
    SHUTDOWN_DRAIN_DELAY_SECONDS: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  });
  url = `http://127.0.0.1:${String((await service.line('listening')).port)}`;
});
afterAll(() => {
  service.kill('SIGKILL');
  collector.close();
});

test('spans reach the collector: sampled by the caller, by the reservoir, and all of them before the process ends', async () => {
  const sampled = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const unsampled = '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-00f067aa0ba902b7-00';
  await fetch(`${url}/v1/slow?ms=1`, { headers: { traceparent: unsampled } });
  await fetch(`${url}/v1/slow?ms=1`, { headers: { traceparent: sampled } });
  // Without a caller's decision the first of a second is always taken.
  await fetch(`${url}/v1/slow?ms=1`);
  service.kill('SIGTERM');
  expect(await service.ended).toBe(0);

  const ofCaller = spans.filter(({ traceId }) => traceId === '4bf92f3577b34da6a3ce929d0e0e4736');
  expect(ofCaller).toMatchObject([{ name: 'GET /v1/slow', kind: SERVER_KIND, parentSpanId: '00f067aa0ba902b7' }]);
  const attributes = Object.fromEntries((ofCaller[0]?.attributes ?? []).map(({ key, value }) => [key, value]));
  expect(attributes).toMatchObject({
    'http.route': { stringValue: '/v1/slow' },
    'http.response.status_code': { intValue: 200 },
  });
  expect(spans.filter(({ traceId }) => traceId.startsWith('aaaa'))).toEqual([]);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
  expect(JSON.stringify(resources[0])).toContain('1.2.3');
});
