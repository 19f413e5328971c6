import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { mintIdentityToken, parseIdentityKeys, verifyIdentityToken } from '../src/identity-token.ts';

const key = new Uint8Array(randomBytes(32));
const identity = { subject: 'ada', tenant: 'acme', scopes: ['search:read'] };
const at = (ms: number): { now: () => number; sleep: () => Promise<void> } => ({
  now: () => ms,
  sleep: async () => undefined,
});
const NOON = Date.UTC(2026, 0, 1, 12);

test('what is minted verifies, for its audience', async () => {
  const token = await mintIdentityToken(key, 'search', identity, at(NOON));
  await expect(verifyIdentityToken(key, 'search', token, at(NOON + 59_000))).resolves.toEqual({
    identity,
    expiresAtMs: NOON + 60_000,
  });
});

test('tells the session or the API key that was shown', async () => {
  for (const shown of [{ session: 's1' }, { apiKey: 'k1' }]) {
    const token = await mintIdentityToken(key, 'search', { ...identity, ...shown }, at(NOON));
    const verified = await verifyIdentityToken(key, 'search', token, at(NOON));
    expect(verified.identity).toEqual({ ...identity, ...shown });
  }
});

test('rejects another audience, another key, an expired token, and one from the future', async () => {
  const token = await mintIdentityToken(key, 'search', identity, at(NOON));
  await expect(verifyIdentityToken(key, 'gateway', token, at(NOON))).rejects.toThrow('aud');
  await expect(verifyIdentityToken(new Uint8Array(32), 'search', token, at(NOON))).rejects.toThrow('signature');
  await expect(verifyIdentityToken(key, 'search', token, at(NOON + 66_000))).rejects.toThrow('exp');
});

test.each([
  ['no algorithm', 'none'],
  ['another algorithm', 'HS512'],
])('rejects a token with %s', async (_, alg) => {
  const claims = Buffer.from(
    JSON.stringify({
      iss: 'genai-platform',
      aud: 'search',
      sub: 'a',
      tenant: 't',
      scopes: [],
      iat: NOON / 1e3,
      exp: 9e9,
    }),
  ).toString('base64url');
  const token =
    alg === 'none'
      ? `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`
      : await new SignJWT({ tenant: 't', scopes: [] })
          .setProtectedHeader({ alg })
          .setIssuer('genai-platform')
          .setAudience('search')
          .setSubject('a')
          .setIssuedAt()
          .setExpirationTime('1m')
          .sign(new Uint8Array(64));
  await expect(verifyIdentityToken(key, 'search', token, at(NOON))).rejects.toThrow(/alg|Algorithm/);
});

test('rejects a token without tenant', async () => {
  const token = await new SignJWT({ scopes: [] })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('genai-platform')
    .setAudience('search')
    .setSubject('a')
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key);
  await expect(verifyIdentityToken(key, 'search', token)).rejects.toThrow('tenant');
});

test('reads one key a line, and never quotes a bad one', () => {
  const line = Buffer.from(key).toString('base64url');
  expect(parseIdentityKeys(`${line}\n`)).toEqual([key]);
  expect(parseIdentityKeys(`${line}\n${line}\n`)).toHaveLength(2);
  expect(() => parseIdentityKeys('short')).toThrow('shorter than 32 bytes');
  expect(() => parseIdentityKeys('\n')).toThrow('holds no key');
});
