import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { parseIdentityKeys, verifyIdentityToken } from '../identity-token.ts';
import type { Identity, VerifiedToken } from '../identity-token.ts';

/** Tells who asks. @throws AppError 401 */
export type Authenticator = (request: IncomingMessage) => Promise<Identity> | Identity;

export interface TokenAuthenticatorOptions {
  /** File with the platform's identity keys, read again when a token does not verify: keys rotate. */
  readonly keyFile: string;
  /** The service that tokens have to be meant for. */
  readonly audience: string;
  readonly clock?: Clock;
}

const BEARER = /^Bearer ([\w.-]+)$/i;
const RELOAD_INTERVAL_MS = 1_000;
const CACHE_TOKENS = 2_000;

/** Verifies the platform's identity token (`Authorization: Bearer <JWT>`). A verified token is remembered till it expires. */
export function tokenAuthenticator({
  keyFile,
  audience,
  clock = systemClock,
}: TokenAuthenticatorOptions): Authenticator {
  const verified = new LRUCache<string, VerifiedToken>({ max: CACHE_TOKENS });
  const keys = keyRing(keyFile, clock);
  const verify = async (token: string): Promise<Identity> => {
    const result =
      (await verifyByAny(await keys.current(), audience, token, clock)) ?? // a key may have rotated
      (await verifyByAny(await keys.reload(), audience, token, clock));
    if (result === undefined) throw unauthenticated('the token is not valid', 'invalid_token');
    verified.set(token, result);
    return result.identity;
  };
  return (request) => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw unauthenticated('a bearer token is needed');
    const known = verified.get(token);
    return known !== undefined && known.expiresAtMs > clock.now() ? known.identity : verify(token);
  };
}

/** The 401 of a missing or wrong credential, with its challenge (RFC 6750). */
export function unauthenticated(detail: string, error?: 'invalid_token'): AppError {
  const challenge = error === undefined ? 'Bearer' : `Bearer error="${error}"`;
  return new AppError('UNAUTHENTICATED', { status: 401, detail, headers: { 'www-authenticate': challenge } });
}

/** Checks that `identity` has every one of `scopes`; the scope `*` stands for all. @throws AppError 403 */
export function requireScopes(identity: Identity, scopes: readonly string[]): void {
  if (identity.scopes.includes('*')) return;
  const missing = scopes.filter((scope) => !identity.scopes.includes(scope));
  if (missing.length === 0) return;
  throw new AppError('FORBIDDEN', {
    status: 403,
    detail: `the scope ${missing.join(' ')} is needed`,
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"` },
  });
}

async function verifyByAny(
  keys: readonly Uint8Array[],
  audience: string,
  token: string,
  clock: Clock,
): Promise<VerifiedToken | undefined> {
  for (const key of keys) {
    try {
      return await verifyIdentityToken(key, audience, token, clock);
    } catch {
      // The next key may fit; what is wrong with a token is nobody's business.
    }
  }
  return undefined;
}

interface KeyRing {
  current(): Promise<readonly Uint8Array[]>;
  /** At most once a second, so that bad tokens cause no reading. */
  reload(): Promise<readonly Uint8Array[]>;
}

function keyRing(keyFile: string, clock: Clock): KeyRing {
  let keys: Promise<readonly Uint8Array[]> | undefined;
  let loadedAtMs = 0;
  const load = (): Promise<readonly Uint8Array[]> => {
    loadedAtMs = clock.now();
    keys = readFile(keyFile, 'utf8').then(parseIdentityKeys);
    keys.catch(() => (keys = undefined));
    return keys;
  };
  return {
    current: () => keys ?? load(),
    reload: () => (keys !== undefined && clock.now() - loadedAtMs < RELOAD_INTERVAL_MS ? keys : load()),
  };
}
