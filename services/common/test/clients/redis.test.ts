import type { Redis } from 'ioredis';
import { connectRedis, silentLogger } from '../../src/index.ts';
import type { RedisConfig } from '../../src/index.ts';
import { startValkey } from '../../src/testing/index.ts';
import type { TestValkey } from '../../src/testing/index.ts';
import { credentialsFolder, writeCredentials } from '../builders/database.ts';

const open: { stop?: () => Promise<void>; disconnect?: () => void }[] = [];
afterEach(async () => {
  for (const it of open.splice(0).reverse()) {
    it.disconnect?.();
    await it.stop?.();
  }
});

const acl = ['user default off', 'user notes on >one ~* &* +@all', 'user admin on >root ~* &* +@all'];

async function start(
  options: { tls?: boolean } = {},
): Promise<{ valkey: TestValkey; config: RedisConfig; folder: string }> {
  const valkey = await startValkey({ acl, ...options });
  open.push(valkey);
  const folder = credentialsFolder('notes', 'one');
  const config: RedisConfig = {
    REDIS_HOST: valkey.host,
    REDIS_PORT: valkey.port,
    REDIS_CREDENTIALS_DIR: folder,
    REDIS_TLS_MODE: options.tls === true ? 'verify-full' : 'disable',
    ...(options.tls === true ? { REDIS_TLS_CA_FILE: valkey.caFile } : {}),
  };
  return { valkey, config, folder };
}

function connect(config: RedisConfig): Redis {
  const redis = connectRedis({ config, log: silentLogger(), name: 'notes' });
  open.push(redis);
  return redis;
}

test('connects as its ACL user', async () => {
  const { config } = await start();
  expect(await connect(config).call('ACL', 'WHOAMI')).toBe('notes');
});

test('connects over TLS, verified by the given authority', async () => {
  const { config } = await start({ tls: true });
  expect(await connect(config).ping()).toBe('PONG');
  const { REDIS_TLS_CA_FILE: _, ...withoutCa } = config;
  await expect(connect(withoutCa).ping()).rejects.toThrow();
});

test('a command fails soon when the server is gone, and works again when it is back', async () => {
  const { valkey, config } = await start();
  const redis = connect(config);
  await redis.set('a', '1');
  await valkey.stop();
  await expect(redis.get('a')).rejects.toThrow();
  await valkey.start();
  await expect(untilAnswers(redis)).resolves.toBe('PONG');
});

test('a rotated password is taken up by the next connection', async () => {
  const { config, folder } = await start();
  const redis = connect(config);
  await redis.ping();
  const admin = connect({ ...config, REDIS_CREDENTIALS_DIR: credentialsFolder('admin', 'root') });
  await admin.call('ACL', 'SETUSER', 'notes', 'resetpass', '>two');
  writeCredentials(folder, 'notes', 'two');
  await admin.call('CLIENT', 'KILL', 'USER', 'notes');
  await expect(untilAnswers(redis)).resolves.toBe('PONG');
});

/** Asks until there is an answer; the test's own timeout is the limit. */
async function untilAnswers(redis: Redis): Promise<string> {
  for (;;) {
    try {
      return await redis.ping();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
