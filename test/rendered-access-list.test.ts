import { keysOf, objectsOf, render, wantedSecrets } from '@genai-platform/cdk8s';
import type { PlatformInput } from '@genai-platform/cdk8s';
import { startValkey } from '@genai-platform/common/testing';
import type { TestValkey } from '@genai-platform/common/testing';
import { Redis } from 'ioredis';

const platform: PlatformInput = { metadata: { name: 'acme', namespace: 'acme' }, spec: { profile: 'dev' } };
const password = 'a-generated-password';

/** The lines of the access list of a platform's cache. */
function accessList(rotating: Readonly<Record<string, string>> = {}): string[] {
  const values = wantedSecrets(platform).map((secret): [string, Record<string, string>] => {
    const known = { username: secret.name.replace('acme-cache-', ''), password, ...rotating };
    return [secret.name, { ...Object.fromEntries(keysOf(secret).map((key) => [key, 'value'])), ...known }];
  });
  const operator = { namespace: 'genai-system', podLabels: {} };
  const objects = objectsOf(render(platform, { release: '1.4.0', operator, secrets: Object.fromEntries(values) }));
  const secret = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === 'acme-cache-acl');
  const { 'users.acl': encoded = '' } = (secret?.['data'] ?? {}) as Record<string, string>;
  return Buffer.from(encoded, 'base64').toString().trim().split('\n');
}

let valkey: TestValkey;

beforeAll(async () => {
  valkey = await startValkey({ acl: accessList() });
});

afterAll(async () => {
  await valkey.stop();
});

/** Runs commands as a user, or as nobody. */
async function as<T>(user: string | undefined, run: (client: Redis) => Promise<T>): Promise<T> {
  const credentials = user === undefined ? {} : { username: user, password };
  const client = new Redis({
    host: valkey.host,
    port: valkey.port,
    maxRetriesPerRequest: 0,
    enableReadyCheck: user === 'gateway',
    ...credentials,
  });
  client.on('error', () => undefined);
  try {
    return await run(client);
  } finally {
    client.disconnect();
  }
}

test('the gateway limits rates with a script on its own keys', async () => {
  const script = "redis.call('TIME') return redis.call('SET', KEYS[1], '1', 'PX', 1000)";
  await expect(as('gateway', (client) => client.eval(script, 1, 'rate:key'))).resolves.toBe('OK');
});

test.each([
  ['read the keys of others', (client: Redis) => client.get('session:1')],
  ['empty the cache', (client: Redis) => client.flushall()],
  ['list all keys', (client: Redis) => client.keys('*')],
  ['read the configuration', (client: Redis) => client.config('GET', '*')],
  ['read the access list', (client: Redis) => client.acl('LIST')],
])('the gateway cannot %s', async (_what, run) => {
  await expect(as('gateway', run as (client: Redis) => Promise<unknown>)).rejects.toThrow('NOPERM');
});

test('the probe may ask whether the server serves, and nothing else', async () => {
  await expect(as('probe', (client) => client.ping())).resolves.toBe('PONG');
  await expect(as('probe', (client) => client.get('rate:key'))).rejects.toThrow('NOPERM');
});

test('nobody gets in without a user', async () => {
  await expect(as(undefined, (client) => client.ping())).rejects.toThrow('NOAUTH');
});

test('a password is replaced under load: no connection breaks, no command fails, and the old one is worth nothing', async () => {
  const server = await startValkey({ acl: accessList() });
  const options = { host: server.host, port: server.port, maxRetriesPerRequest: 0, username: 'gateway' };
  const connect = (secret: string): Redis => new Redis({ ...options, password: secret });
  const reload = async (rotating: Readonly<Record<string, string>>): Promise<void> => {
    server.writeAcl(accessList(rotating));
    // As the readiness probe of the rendered cache does it.
    const probe = new Redis({ host: server.host, port: server.port, username: 'probe', password: 'any', enableReadyCheck: false }); // prettier-ignore
    expect(await probe.call('ACL', 'LOAD')).toBe('OK');
    probe.disconnect();
  };
  const [old, young] = [connect(password), connect('next')];
  for (const client of [old, young]) client.on('error', () => undefined);
  let [sent, done] = [0, false];
  const failures: unknown[] = [];
  const load = (async (): Promise<void> => {
    for (; !done; sent += 1) await old.set('rate:load', '1').catch((error: unknown) => failures.push(error));
  })();
  await expect(young.ping()).rejects.toThrow();
  young.disconnect();
  await reload({ 'next-username': 'gateway', 'next-password': 'next' });
  const changed = connect('next');
  expect(await changed.set('rate:next', '1')).toBe('OK');
  await reload({ password: 'next', 'previous-password': password });
  expect(await setOnce(connect(password))).toBe('OK');
  await reload({ password: 'next' });
  expect(await changed.set('rate:next', '2')).toBe('OK');
  const before = sent;
  while (sent < before + 10) await new Promise((resolve) => setImmediate(resolve));
  done = true;
  await load;
  expect(failures).toEqual([]);
  const late = connect(password).on('error', () => undefined);
  await expect(late.set('rate:late', '1')).rejects.toThrow();
  for (const client of [old, changed, late]) client.disconnect();
  await server.stop();
});

/** One command of a connection of its own. */
async function setOnce(client: Redis): Promise<string> {
  const answer = await client.set('rate:previous', '1');
  client.disconnect();
  return answer;
}
