import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { startValkey } from '../../src/testing/valkey.ts';

interface Address {
  host: string;
  port: number;
  username?: string;
  password?: string;
  tls?: { ca: string };
}

async function ask(options: Address, ...command: [string, ...string[]]): Promise<unknown> {
  const patience = { retryStrategy: () => null, maxRetriesPerRequest: 0, disconnectTimeout: 1 };
  const client = new Redis({ ...options, ...patience, lazyConnect: true });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.call(...command);
  } finally {
    client.disconnect();
  }
}

test('answers', async () => {
  const { host, port, stop } = await startValkey();
  expect(await ask({ host, port }, 'INCR', 'n')).toBe(1);
  await stop();
});

test('lets in only whom its access list names', async () => {
  const { host, port, stop } = await startValkey({ acl: ['user default off', 'user gateway on >secret ~* &* +@all'] });
  expect(await ask({ host, port, username: 'gateway', password: 'secret' }, 'PING')).toBe('PONG');
  await expect(ask({ host, port }, 'PING')).rejects.toThrow();
  await stop();
});

test('with tls proves who it is and refuses to speak in the clear', async () => {
  const { host, port, caFile, stop } = await startValkey({ tls: true });
  const tls = { ca: readFileSync(caFile, 'utf8') };
  expect(await ask({ host, port, tls }, 'PING')).toBe('PONG');
  await expect(ask({ host, port }, 'PING')).rejects.toThrow();
  await stop();
});

test('stopped and started it answers at the same port, empty', async () => {
  const valkey = await startValkey();
  const { host, port } = valkey;
  await ask({ host, port }, 'SET', 'k', 'v');
  await valkey.stop();
  await expect(ask({ host, port }, 'PING')).rejects.toThrow();
  await valkey.start();
  expect(await ask({ host, port }, 'GET', 'k')).toBeNull();
  await valkey.stop();
});
