import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Lifecycle } from '../lifecycle.ts';
import { followTlsFiles, readTlsFiles } from './tls-files.ts';
import type { TlsFiles } from './tls-files.ts';

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface ServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly lifecycle: Lifecycle;
  /** Takes connections that leave HTTP, such as WebSockets; refused where absent. */
  readonly upgrade?: UpgradeHandler | undefined;
  /** Speaks TLS (1.2 or newer) with this certificate, also when it is renewed; plain HTTP where absent. */
  readonly tls?: TlsFiles | undefined;
}

export interface RunningServer {
  readonly port: number;
  readonly server: Server;
  /** Takes no new connections, ends sockets, and waits for what is being answered; after `timeoutMs` cuts it off. */
  drain(timeoutMs: number): Promise<{ cut: boolean }>;
}

/** Longer than any proxy before us keeps a connection: the proxy has to be the one that closes. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 300_000;
const SWEEP_MS = 50;
/** Event streams that are still open this long before they would be cut off end in order. */
const STREAMS_END_MS = 1_000;

/** Starts an HTTP server. @throws an error of `listen`, such as EADDRINUSE */
export async function startServer(app: RequestListener, options: ServerOptions): Promise<RunningServer> {
  const server = createListener(app, options);
  const upgraded = trackUpgrades(server, options.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    server,
    drain: (timeoutMs) => drain(server, upgraded, options.lifecycle, timeoutMs),
  };
}

function createListener(app: RequestListener, { tls, lifecycle }: ServerOptions): Server {
  const timeouts = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  };
  if (tls === undefined) return createServer(timeouts, app);
  const server = createTlsServer({ ...timeouts, ...readTlsFiles(tls), minVersion: 'TLSv1.2' }, app);
  lifecycle.onClose('certificate', followTlsFiles(server, tls, lifecycle.report));
  return server;
}

/** Node forgets a connection once it is upgraded: `closeAllConnections` does not reach it. */
function trackUpgrades(server: Server, upgrade: UpgradeHandler | undefined): Set<Duplex> {
  const sockets = new Set<Duplex>();
  if (upgrade === undefined) return sockets;
  server.on('upgrade', (request, socket, head) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    upgrade(request, socket, head);
  });
  return sockets;
}

async function drain(
  server: Server,
  upgraded: Set<Duplex>,
  lifecycle: Lifecycle,
  timeoutMs: number,
): Promise<{ cut: boolean }> {
  let cut = false;
  const timer = setTimeout(() => {
    cut = true;
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  }, timeoutMs);
  const lastCall = setTimeout(() => lifecycle.endStreams(), Math.max(0, timeoutMs - STREAMS_END_MS));
  lifecycle.stop();
  await pendingRead();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // `close` closes what is idle now, but not what becomes idle when its last reply is out.
  const sweep = setInterval(() => void pendingRead().then(() => server.closeIdleConnections()), SWEEP_MS);
  await closed;
  clearInterval(sweep);
  await Promise.all([...upgraded].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  clearTimeout(timer);
  clearTimeout(lastCall);
  return { cut };
}

/**
 * Resolves when what had arrived has been read: a connection whose request lies unread, in a process that was starved of
 * its processor, looks idle and would be closed. Timers run before the sockets are read, immediates after; the second
 * turn is for requests on connections that were accepted in the first.
 */
async function pendingRead(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
