import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as requestTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Lifecycle, silentLogger, startServer } from '../../src/index.ts';
import type { RunningServer, UpgradeHandler } from '../../src/index.ts';
import { locateDatabasePrograms } from '../../src/testing/index.ts';

const running: RunningServer[] = [];
afterEach(() => Promise.all(running.splice(0).map(({ drain }) => drain(0))));

async function start(
  options: Partial<Parameters<typeof startServer>[1]> = {},
): Promise<{ server: RunningServer; lifecycle: Lifecycle }> {
  const lifecycle = new Lifecycle(silentLogger());
  const server = await startServer((_req, res) => void res.end('hello'), {
    host: '127.0.0.1',
    port: 0,
    lifecycle,
    ...options,
  });
  running.push(server);
  return { server, lifecycle };
}

async function upgrade(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString()).toContain('101');
  return socket;
}

const echo: UpgradeHandler = (_request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
  socket.on('data', (bytes) => socket.write(bytes));
  // Node leaves a connection that has left HTTP half open.
  socket.on('end', () => socket.end());
};

test('drain waits for upgraded connections, as long as it may', async () => {
  const { server } = await start({ upgrade: echo });
  const socket = await upgrade(server.port);
  const drained = server.drain(5_000);
  socket.write('still here');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toBe('still here');
  socket.destroy();
  expect(await drained).toEqual({ cut: false });
});

test('upgraded connections that stay are cut off at the end', async () => {
  const { server } = await start({ upgrade: echo });
  const socket = await upgrade(server.port);
  const closed = once(socket, 'close');
  expect(await server.drain(50)).toEqual({ cut: true });
  await closed;
});

test('an upgraded connection learns that the process stops', async () => {
  let stopping: AbortSignal | undefined;
  const { server, lifecycle } = await start({
    upgrade: (request, socket, head) => {
      stopping = lifecycle.stopping;
      stopping.addEventListener('abort', () => socket.end());
      echo(request, socket, head);
    },
  });
  await upgrade(server.port);
  expect(await server.drain(5_000)).toEqual({ cut: false });
});

test('event streams learn that they have to end only when the time is nearly over', async () => {
  const { server, lifecycle } = await start({ upgrade: echo });
  const socket = await upgrade(server.port);
  const drained = server.drain(1_200);
  expect(lifecycle.stopping.aborted).toBe(true);
  expect(lifecycle.streamsEnd.aborted).toBe(false);
  await once(lifecycle.streamsEnd, 'abort');
  socket.destroy();
  expect(await drained).toEqual({ cut: false });
});

test('a request that has arrived but is not read yet is answered when the process stops', async () => {
  const { server } = await start();
  const socket = connect(server.port, '127.0.0.1');
  const ask = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
  socket.write(ask);
  await once(socket, 'data');
  socket.write(ask);
  const drained = server.drain(5_000);
  const [reply] = (await once(socket, 'data')) as [Buffer];
  expect(reply.toString()).toContain('HTTP/1.1 200');
  expect(await drained).toEqual({ cut: false });
});

test('a port that is taken is an error', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  await expect(start({ port: (blocker.address() as AddressInfo).port })).rejects.toThrow('EADDRINUSE');
  blocker.close();
});

test('speaks TLS where it has a certificate, and nothing older than 1.2', async () => {
  const { tls } = locateDatabasePrograms();
  const { server } = await start({ tls: { certFile: tls.certFile, keyFile: tls.keyFile } });
  const ask = (options: object): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      requestTls(
        { host: '127.0.0.1', port: server.port, ca: readFileSync(tls.caFile), agent: false, ...options },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .on('error', reject)
        .end();
    });
  expect(await ask({})).toBe(200);
  await expect(ask({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow();
});
