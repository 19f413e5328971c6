import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { createTestIdentity } from '../src/testing/index.ts';
import { startProcess } from './builders/service-process.ts';
import type { ServiceProcess } from './builders/service-process.ts';

const main = new URL('./fixtures/slow-service.ts', import.meta.url).pathname;
const identity = createTestIdentity();
const env = {
  SERVICE_NAME: 'slow',
  HTTP_HOST: '127.0.0.1',
  HTTP_PORT: '0',
  IDENTITY_KEY_FILE: identity.keyFile,
  SHUTDOWN_DRAIN_DELAY_SECONDS: '0.5',
  SHUTDOWN_GRACE_SECONDS: '8',
};
const running: ServiceProcess[] = [];
const agent = new Agent();

async function start(overrides: Record<string, string> = {}): Promise<{ service: ServiceProcess; url: string }> {
  const service = startProcess(main, { ...env, ...overrides });
  running.push(service);
  const { port } = await service.line('listening');
  return { service, url: `http://127.0.0.1:${String(port)}` };
}
afterEach(() => running.splice(0).forEach((service) => service.kill('SIGKILL')));
afterAll(() => agent.close());

const status = async (url: string): Promise<number> => (await request(url, { dispatcher: agent })).statusCode;

test('on SIGTERM: not ready at once, serving on, running requests finish, parts close last opened first, exit 0', async () => {
  const { service, url } = await start();
  expect(await status(`${url}/readyz`)).toBe(200);
  const slow = request(`${url}/v1/slow?ms=1500`, { dispatcher: agent });
  await service.line('slow request began');
  service.kill('SIGTERM');
  await service.line('stopping: not ready any more');
  const ready = await request(`${url}/readyz`, { dispatcher: agent });
  expect(ready.statusCode).toBe(503);
  expect(await ready.body.json()).toEqual({ status: 'draining', checks: [] });
  expect(ready.headers.connection).toBe('close');
  expect(await status(`${url}/livez`)).toBe(200);
  expect(await status(`${url}/v1/slow?ms=1`)).toBe(200);
  expect(await (await slow).body.json()).toEqual({ ok: true });
  expect(await service.ended).toBe(0);
  const closed = service.lines.filter(({ message }) => message === 'closed').map(({ part }) => part as string);
  expect(closed).toEqual(['third', 'second', 'first']);
});

test('takes no new connection once it drains', async () => {
  const { service, url } = await start({ SHUTDOWN_DRAIN_DELAY_SECONDS: '0' });
  const slow = request(`${url}/v1/slow?ms=700`, { dispatcher: agent });
  await service.line('slow request began');
  service.kill('SIGTERM');
  await service.line('stopping: not ready any more');
  await (await slow).body.json();
  await service.ended;
  await expect(status(`${url}/livez`)).rejects.toThrow('ECONNREFUSED');
});

test('streams that would never end are ended', async () => {
  const { service, url } = await start();
  const { body } = await request(`${url}/v1/endless`, { dispatcher: agent });
  service.kill('SIGTERM');
  expect(await body.text()).toMatch(/tick end$/);
  expect(await service.ended).toBe(0);
});

test('what does not end in the grace period is cut off', async () => {
  const { service, url } = await start({ SHUTDOWN_GRACE_SECONDS: '2' });
  const stuck = request(`${url}/v1/slow?ms=60000`, { dispatcher: agent });
  const cut = expect(stuck).rejects.toThrow();
  await service.line('slow request began');
  service.kill('SIGTERM');
  await cut;
  expect(await service.ended).toBe(0);
  expect(service.lines.map(({ message }) => message as string)).toContain(
    'requests were cut off at the end of the grace period',
  );
});

test('SIGINT stops without the delay', async () => {
  const { service } = await start({ SHUTDOWN_DRAIN_DELAY_SECONDS: '7' });
  service.kill('SIGINT');
  expect(await service.line('stopping: not ready any more')).toMatchObject({ drain_delay_ms: 0 });
  expect(await service.ended).toBe(0);
});

test('a wrong configuration ends with status 1 and one line that names every variable', async () => {
  const service = startProcess(main, { ...env, HTTP_PORT: 'hunter2', IDENTITY_KEY_FILE: '' });
  expect(await service.ended).toBe(1);
  expect(service.lines).toMatchObject([{ level: 'fatal', message: 'the configuration is invalid' }]);
  expect(service.lines[0]?.problems).toEqual([
    { variable: 'HTTP_PORT', reason: expect.stringContaining('expected number') },
    { variable: 'IDENTITY_KEY_FILE', reason: 'is not set' },
  ]);
  expect(JSON.stringify(service.lines)).not.toContain('hunter2');
});

test('a port that is taken ends with status 1 and says so', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const service = startProcess(main, { ...env, HTTP_PORT: String((blocker.address() as AddressInfo).port) });
  expect(await service.ended).toBe(1);
  expect(service.lines.at(-1)).toMatchObject({ level: 'fatal', error: { code: 'EADDRINUSE' } });
  blocker.close();
});

test('an unknown command ends with status 1', async () => {
  const service = startProcess(main, env, ['server']);
  expect(await service.ended).toBe(1);
  expect(JSON.stringify(service.lines)).toContain('serve or migrate');
});

test('a bug that nobody caught ends the process, and the log has it', async () => {
  const { service, url } = await start();
  await request(`${url}/v1/crash`, { dispatcher: agent }).catch(() => undefined);
  expect(await service.ended).toBe(1);
  expect(service.lines.at(-1)).toMatchObject({ level: 'fatal', error: { message: 'a bug' } });
});

test('the time to start, and the lag of the event loop, are metrics', async () => {
  const { url } = await start();
  const { body } = await request(`${url}/metrics`, { dispatcher: agent });
  const text = await body.text();
  expect(Number(/^genai_slow_startup_duration_seconds (\S+)/m.exec(text)?.[1])).toBeGreaterThan(0);
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \S+/m);
});
