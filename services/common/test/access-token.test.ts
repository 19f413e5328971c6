import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createLocalJWKSet, exportJWK, importPKCS8 } from 'jose';
import { mintAccessToken, verifyAccessToken } from '../src/index.ts';
import type { AccessGrant } from '../src/index.ts';
import { FakeClock } from '../src/testing/index.ts';

const clock = new FakeClock(1_800_000_000_000);
const now = clock.now() / 1_000;
const ours = generateKeyPairSync('ed25519');
const theirs = generateKeyPairSync('ed25519');
const grant: AccessGrant = { subject: 'user_1', tenant: 'acme', scopes: ['search:read'], session: 'session_1' };
const header = { alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' };
const claims = {
  iss: 'genai-platform-auth',
  aud: 'genai-platform',
  sub: 'user_1',
  tenant: 'acme',
  scopes: ['search:read'],
  iat: now,
  exp: now + 600,
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = (head: object, body: object, key: KeyObject = ours.privateKey): string => {
  const input = `${encode(head)}.${encode(body)}`;
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
};
const verify = async (token: string) => {
  const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' };
  return await verifyAccessToken(token, createLocalJWKSet({ keys: [jwk] }), clock);
};
const good = signed(header, claims);
const [head = '', body = '', signature = ''] = good.split('.');

test('a token that was made here says who its holder is, until it ends', async () => {
  const pem = ours.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const privateKey = await importPKCS8(pem, 'EdDSA');
  const token = await mintAccessToken({ kid: 'k1', privateKey }, grant, { lifetimeSeconds: 600, clock });
  expect(await verify(token)).toEqual({ grant, expiresAtMs: (now + 600) * 1_000 });
  expect(await verify(good)).toMatchObject({ grant: { subject: 'user_1' } });
});

describe('what is no token of ours (RFC 8725, RFC 9068; the cases of public JOSE test vectors)', () => {
  const publicPem = ours.publicKey.export({ type: 'spki', format: 'pem' });
  const hmac = (secret: string | Buffer): string => {
    const input = `${encode({ ...header, alg: 'HS256' })}.${body}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  /** Adds the order of the group to S: the same equation holds, and a careless verifier is content (RFC 8032, 5.1.7). */
  const malleable = (): string => {
    const order = (1n << 252n) + 27742317777372353535851937790883648493n;
    const bytes = Buffer.from(signature, 'base64url');
    const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
    const sum = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
    return `${head}.${body}.${Buffer.concat([bytes.subarray(0, 32), sum]).toString('base64url')}`;
  };
  const rawPublicKey = Buffer.from(ours.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');

  test.each<[string, () => string]>([
    ['no signature, alg none', () => `${encode({ ...header, alg: 'none' })}.${body}.`],
    ['alg none in other letters', () => `${encode({ ...header, alg: 'nOnE' })}.${body}.${signature}`],
    ['an empty signature', () => `${head}.${body}.`],
    ['the public key as the secret of an HMAC, PEM', () => hmac(publicPem.toString())],
    ['the public key as the secret of an HMAC, raw', () => hmac(rawPublicKey)],
    ['the key of somebody else under our kid', () => signed(header, claims, theirs.privateKey)],
    ['a kid that nobody has', () => signed({ ...header, kid: 'k2' }, claims)],
    ['a key that the token brings itself (jwk)', () => signed({ alg: 'EdDSA', typ: 'at+jwt', jwk: theirs.publicKey.export({ format: 'jwk' }) }, claims, theirs.privateKey)], // prettier-ignore
    ['an address to get the key from (jku)', () => signed({ ...header, kid: 'x', jku: 'http://127.0.0.1:1/jwks' }, claims, theirs.privateKey)], // prettier-ignore
    ['a critical header that nobody understands', () => signed({ ...header, crit: ['exp2'], exp2: 1 }, claims)],
    ['an unencoded payload (RFC 7797)', () => signed({ ...header, crit: ['b64'], b64: false }, claims)],
    ['another algorithm of the same key', () => signed({ ...header, alg: 'ES256' }, claims)],
    ['a changed payload', () => `${head}.${encode({ ...claims, scopes: ['*'] })}.${signature}`],
    ['a changed header', () => `${encode({ ...header, x: 1 })}.${body}.${signature}`],
    ['a signature that is cut', () => `${head}.${body}.${signature.slice(0, -4)}`],
    ['a signature that is longer', () => `${head}.${body}.${signature}AAAA`],
    ['a signature with S + L', malleable],
    ['the signature of zeros', () => `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`],
    ['padding', () => `${good}==`],
    ['four parts', () => `${good}.AAAA`],
    ['two parts', () => `${head}.${body}`],
    ['five parts (JWE)', () => `${head}....`],
    ['a payload that is no JSON', () => `${head}.${Buffer.from('{').toString('base64url')}.${signature}`],
    ['an array for a header', () => signed([header], claims)],
    ['a token of another type', () => signed({ ...header, typ: 'JWT' }, claims)],
    ['no type', () => signed({ alg: 'EdDSA', kid: 'k1' }, claims)],
    ['another issuer', () => signed(header, { ...claims, iss: 'https://example.com' })],
    ['another audience', () => signed(header, { ...claims, aud: 'search' })],
    ['no audience', () => signed(header, { ...claims, aud: undefined })],
    ['one that has ended', () => signed(header, { ...claims, iat: now - 700, exp: now - 6 })],
    ['one that never ends', () => signed(header, { ...claims, exp: undefined })],
    ['an end that is no number', () => signed(header, { ...claims, exp: '9999999999' })],
    ['one that is not valid yet', () => signed(header, { ...claims, nbf: now + 60 })],
    ['no subject', () => signed(header, { ...claims, sub: undefined })],
    ['an empty subject', () => signed(header, { ...claims, sub: '' })],
    ['no tenant', () => signed(header, { ...claims, tenant: undefined })],
    ['scopes that are one text', () => signed(header, { ...claims, scopes: '*' })],
    ['a token of many kilobytes', () => signed(header, { ...claims, filler: randomBytes(8_192).toString('hex') })],
  ])('%s', async (_what, token) => {
    await expect(verify(token())).rejects.toThrow();
  });

  test('a few seconds of difference between two clocks are forgiven', async () => {
    expect(await verify(signed(header, { ...claims, exp: now - 4 }))).toMatchObject({ grant: { subject: 'user_1' } });
  });
});
