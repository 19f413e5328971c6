import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while no other process of this machine runs work under the same name.
 *
 * The lock is a listening socket: the kernel takes it away together with the process that holds it, so that no lock is
 * ever stale, not even after kill -9. `onWait` is called once with the holder's process id when there is one.
 */
export async function withLock<T>(name: string, work: () => Promise<T>, onWait?: (pid: string) => void): Promise<T> {
  const address = addressOf(name);
  let told = false;
  const wait = (pid: string): void => {
    if (!told) onWait?.(pid);
    told = true;
  };
  let server = await tryListen(address);
  while (server === undefined) {
    await untilReleased(address, wait);
    server = await tryListen(address);
  }
  try {
    return await work();
  } finally {
    await release(server);
  }
}

const waiters = new WeakMap<Server, Set<{ destroy(): unknown }>>();

/** Linux has socket names outside the file system; elsewhere a file serves, and a dead one is removed. */
function addressOf(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  const label = `genai-platform-${String(process.getuid?.() ?? 0)}-${digest}`;
  return process.platform === 'linux' ? `\0${label}` : join(tmpdir(), `${label}.lock`);
}

async function tryListen(address: string): Promise<Server | undefined> {
  const open = new Set<{ destroy(): unknown }>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('error', () => undefined).once('close', () => open.delete(socket));
    socket.write(`${String(process.pid)}\n`);
  });
  waiters.set(server, open);
  try {
    server.listen(address);
    await once(server, 'listening');
    server.unref();
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/** Connects to the holder and returns when the connection ends: by its release, or by its death. */
async function untilReleased(address: string, onHolder: (pid: string) => void): Promise<void> {
  const socket = connect(address);
  socket.on('data', (chunk: Buffer) => {
    onHolder(chunk.toString('utf8').trim());
  });
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    socket.once('error', resolve);
    socket.once('close', () => {
      resolve(undefined);
    });
  });
  if (failure?.code === 'ECONNREFUSED' && !address.startsWith('\0')) await rm(address, { force: true });
  if (failure !== undefined) await sleep(20);
}

async function release(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of waiters.get(server) ?? []) socket.destroy();
  await closed;
}
