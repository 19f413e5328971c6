import { startGateway } from './harness/start-gateway.ts';
import type { TestGateway } from './harness/start-gateway.ts';
import { bodyOf, startUpstream } from './harness/upstream-service.ts';

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

test('answers 503 with the name of a service that cannot be reached', async () => {
  const upstream = await startUpstream((_req, res) => res.end());
  await upstream.close();
  gateway = await startGateway({ echo: upstream.url });
  const response = await gateway.fetch('/v1/echo', { method: 'POST', body: 'x' });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toMatchObject({ code: 'GATEWAY_UPSTREAM_UNAVAILABLE', retryable: true });
});

test('answers 504 when a service stays silent', async () => {
  const upstream = await startUpstream(() => undefined);
  gateway = await startGateway({ echo: upstream.url }, { GATEWAY_UPSTREAM_TIMEOUT_SECONDS: '1' });
  const response = await gateway.fetch('/v1/echo');
  expect(response.status).toBe(504);
  await upstream.close();
});

test('answers 502 when a service breaks off before its reply, and does not repeat what may have happened', async () => {
  let requests = 0;
  const upstream = await startUpstream((req) => {
    requests += 1;
    req.socket.destroy();
  });
  gateway = await startGateway({ echo: upstream.url });
  const response = await gateway.fetch('/v1/echo', { method: 'POST', body: 'once' });
  expect(response.status).toBe(502);
  expect(requests).toBe(1);
  await upstream.close();
});

test('repeats a GET on a kept connection that the service has just closed', async () => {
  let dropNext = false;
  const upstream = await startUpstream((req, res) => {
    if (dropNext) {
      dropNext = false;
      req.socket.destroy();
    } else res.end('ok');
  });
  gateway = await startGateway({ echo: upstream.url });
  expect((await gateway.fetch('/v1/echo')).status).toBe(200);
  dropNext = true;
  expect((await gateway.fetch('/v1/echo')).status).toBe(200);
  await upstream.close();
});

test('tells the service when the client has gone', async () => {
  const gone = Promise.withResolvers<boolean>();
  const asked = Promise.withResolvers<boolean>();
  const upstream = await startUpstream((req) => {
    asked.resolve(true);
    req.once('close', () => gone.resolve(true));
  });
  gateway = await startGateway({ echo: upstream.url });
  const aborter = new AbortController();
  const reply = gateway.fetch('/v1/echo', { signal: aborter.signal });
  await asked.promise;
  aborter.abort();
  await expect(reply).rejects.toThrow();
  await expect(gone.promise).resolves.toBe(true);
  await upstream.close();
});

test('lets a request finish that was under way when the gateway began to stop', async () => {
  const finish = Promise.withResolvers<boolean>();
  const asked = Promise.withResolvers<boolean>();
  const upstream = await startUpstream((req, res) => {
    asked.resolve(true);
    void finish.promise.then(() => bodyOf(req)).then((body) => res.end(body));
  });
  gateway = await startGateway({ echo: upstream.url });
  const reply = gateway.fetch('/v1/echo', { method: 'POST', body: 'kept' });
  await asked.promise;
  const drained = gateway.drain();
  finish.resolve(true);
  expect(await (await reply).text()).toBe('kept');
  await drained;
  await upstream.close();
});

test('lets an event stream go on while the gateway stops, and ends it cleanly when it must', async () => {
  const upstream = await startUpstream((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    let id = 0;
    const timer = setInterval(() => res.write(`id: ${String((id += 1))}\ndata: x\n\n`), 50);
    res.once('close', () => clearInterval(timer));
  });
  gateway = await startGateway({ echo: upstream.url });
  const response = await gateway.fetch('/v1/echo');
  const reader = response.body!.getReader();
  await reader.read();
  const drained = gateway.drain();
  // New events still come while nothing new is accepted any more.
  for (let events = 0; events < 10; events += 1) expect((await reader.read()).done).toBe(false);
  while (!(await reader.read()).done);
  expect(await drained).toEqual({ cut: false });
  await upstream.close();
});

test('keeps a connection to a service for the next request, but not for longer than a service takes to stop', async () => {
  const connections = new Set<unknown>();
  const upstream = await startUpstream((req, res) => {
    connections.add(req.socket);
    // Longer than a connection may be idle: one in use is none of that.
    setTimeout(() => res.end('ok'), req.url?.endsWith('slow') ? 4_500 : 0);
  });
  gateway = await startGateway({ echo: upstream.url });
  expect((await gateway.fetch('/v1/echo/slow')).status).toBe(200);
  expect((await gateway.fetch('/v1/echo')).status).toBe(200);
  expect(connections.size).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 4_500));
  expect((await gateway.fetch('/v1/echo')).status).toBe(200);
  expect(connections.size).toBe(2);
  await upstream.close();
});
