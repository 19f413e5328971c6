import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SsrfGuard, isPublicAddress } from '../../src/index.ts';
import type { SsrfGuardOptions } from '../../src/index.ts';

test.each([
  ...[
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
  ],
  ...[
    '100.64.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
  ],
  ...['192.0.0.1', '192.88.99.1', '::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '::ffff:10.0.0.1'],
  ...['::ffff:7f00:1', '64:ff9b::a00:1', '2002:a00:1::', '2001::1', '2001:db8::1', 'fec0::1', '::127.0.0.1', '100::1'],
  ...['5f00::1', 'localhost', '', '1.2.3', '01.2.3.4'],
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['1.1.1.1', '8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test('a network may be allowed, and only that one', () => {
  expect(isPublicAddress('10.1.2.3', ['10.1.0.0/16', 'fd00::/8'])).toBe(true);
  expect(isPublicAddress('::ffff:10.1.2.3', ['10.1.0.0/16'])).toBe(true);
  expect(isPublicAddress('10.2.2.3', ['10.1.0.0/16'])).toBe(false);
});

let server: Server;
let port: number;
let answer: (path: string, res: ServerResponse) => void;
let asked: { path: string; method: string; headers: IncomingHttpHeaders }[];
let guard: SsrfGuard | undefined;

beforeEach(async () => {
  asked = [];
  server = createServer((req, res) => {
    asked.push({ path: req.url ?? '', method: req.method ?? '', headers: req.headers });
    req.resume().on('end', () => answer(req.url ?? '', res));
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  port = (server.address() as AddressInfo).port;
  answer = (_path, res) => void res.end('hello');
});
afterEach(async () => {
  await guard?.close();
  guard = undefined;
  server.closeAllConnections();
  server.close();
});

/** A guard to which 127.0.0.1 counts as public, so that there is something to call. */
function guarded(options: SsrfGuardOptions = {}): SsrfGuard {
  guard = new SsrfGuard({ allowed: ['127.0.0.1/32'], ...options });
  return guard;
}
const refusedAs = (detail: string): object => ({
  code: 'ADDRESS_REFUSED',
  status: 400,
  detail: expect.stringContaining(detail),
});

test('calls what is allowed', async () => {
  const reply = await guarded().fetch(`http://127.0.0.1:${port}/a`);
  expect([reply.status, reply.bytes.toString(), reply.url]).toEqual([200, 'hello', `http://127.0.0.1:${port}/a`]);
});

test.each([
  'http://127.0.0.2/',
  'http://2130706434/',
  'http://0x7f.0.0.2/',
  'http://0177.0.0.2/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.2]/',
  'http://169.254.169.254/latest/meta-data/',
])('refuses %s without connecting', async (url) => {
  await expect(guarded().fetch(url)).rejects.toMatchObject(refusedAs('not a public address'));
});

test.each(['file:///etc/passwd', 'ftp://1.1.1.1/', 'http://u:p@1.1.1.1/', 'gopher://1.1.1.1', 'nonsense', ''])(
  'refuses %j',
  async (url) => {
    await expect(guarded().fetch(url)).rejects.toMatchObject(refusedAs('http or https URL'));
  },
);

test('refuses a name that resolves to something inside', async () => {
  await expect(guarded({ allowed: [] }).fetch(`http://localhost:${port}/`)).rejects.toMatchObject(
    refusedAs('localhost'),
  );
  expect(asked).toEqual([]);
});

test('refuses a name of which any address is inside', async () => {
  const resolve: SsrfGuardOptions['resolve'] = (_name, done) =>
    done(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]);
  await expect(guarded({ resolve }).fetch(`http://mixed.example:${port}/`)).rejects.toMatchObject(refusedAs('mixed'));
});

test('connects to the address that was checked, though the name changes its mind', async () => {
  let lookups = 0;
  const resolve: SsrfGuardOptions['resolve'] = (_name, done) =>
    done(null, [{ address: (lookups += 1) === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
  const rebinding = guarded({ resolve });
  const reply = await rebinding.fetch(`http://rebind.example:${port}/`);
  expect([reply.bytes.toString(), lookups]).toEqual(['hello', 1]);
  server.closeIdleConnections();
  await new Promise((done) => setTimeout(done, 50));
  await expect(rebinding.fetch(`http://rebind.example:${port}/`)).rejects.toMatchObject(refusedAs('rebind'));
});

test('follows redirects, and checks each', async () => {
  answer = (path, res) => (path === '/a' ? void res.writeHead(302, { location: '/b' }).end() : void res.end('arrived'));
  expect(await guarded().fetch(`http://127.0.0.1:${port}/a`)).toMatchObject({ url: `http://127.0.0.1:${port}/b` });
  answer = (_path, res) => void res.writeHead(302, { location: `http://127.0.0.2:${port}/secret` }).end();
  await expect(guarded().fetch(`http://127.0.0.1:${port}/a`)).rejects.toMatchObject(refusedAs('127.0.0.2'));
  expect(asked.map(({ path }) => path)).not.toContain('/secret');
});

test('does not follow redirects for ever', async () => {
  answer = (_path, res) => void res.writeHead(302, { location: '/again' }).end();
  await expect(guarded().fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject(refusedAs('too often'));
  expect(asked).toHaveLength(4);
});

test('credentials do not follow to another host, and a 303 becomes a GET', async () => {
  const two = guarded({ allowed: ['127.0.0.0/8'] });
  answer = (path, res) =>
    path === '/a' ? void res.writeHead(303, { location: `http://127.0.0.3:${port}/b` }).end() : void res.end();
  await two.fetch(`http://127.0.0.1:${port}/a`, {
    method: 'POST',
    body: 'x',
    headers: { authorization: 'secret', 'x-other': '1' },
  });
  expect(asked[1]).toMatchObject({ path: '/b', method: 'GET', headers: { 'x-other': '1' } });
  expect(asked[1]?.headers.authorization).toBeUndefined();
});

test('bounds size and time', async () => {
  answer = (_path, res) => void res.end('x'.repeat(2_000));
  await expect(guarded().fetch(`http://127.0.0.1:${port}/`, { maxBytes: 1_000 })).rejects.toMatchObject({
    code: 'UPSTREAM_TOO_LARGE',
  });
  answer = () => undefined;
  await expect(guarded().fetch(`http://127.0.0.1:${port}/`, { timeoutMs: 80 })).rejects.toMatchObject({ status: 504 });
});
