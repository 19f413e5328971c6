import { SignJWT, jwtVerify } from 'jose';
import { z } from 'zod';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';

/** Who asks, as the gateway or the operator has vouched for. */
export interface Identity {
  readonly subject: string;
  readonly tenant: string;
  readonly scopes: readonly string[];
  /** The signed-in session that asks; absent for API keys and parts of the platform. */
  readonly session?: string;
  /** The API key that was shown, by its id; absent for sessions and parts of the platform. */
  readonly apiKey?: string;
}

const ISSUER = 'genai-platform';
const LIFETIME_SECONDS = 60;
/** Two machines' clocks may differ by this much. */
const CLOCK_SKEW_SECONDS = 5;
const KEY_BYTES = 32;

const Claims = z.object({
  sub: z.string().min(1).max(256),
  tenant: z.string().min(1).max(256),
  scopes: z.array(z.string().min(1).max(128)).max(256),
  sid: z.string().min(1).max(128).optional(),
  key_id: z.string().min(1).max(128).optional(),
  exp: z.number(),
});

/**
 * Reads the text of an identity key file: one base64url key of at least 32 bytes a line. The first one signs, all
 * verify, so that a rotation can overlap.
 *
 * @throws Error that never quotes the text
 */
export function parseIdentityKeys(text: string): Uint8Array[] {
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => new Uint8Array(Buffer.from(line, 'base64url')));
  if (keys.length === 0) throw new Error('the identity key file holds no key');
  if (keys.some((key) => key.length < KEY_BYTES)) throw new Error('an identity key is shorter than 32 bytes');
  return keys;
}

/** Signs a short-lived token (HS256, 60 s) that vouches for `identity` before the service `audience`. */
export async function mintIdentityToken(
  key: Uint8Array,
  audience: string,
  identity: Identity,
  clock: Clock = systemClock,
): Promise<string> {
  const issuedAt = Math.floor(clock.now() / 1_000);
  const { tenant, scopes, session, apiKey } = identity;
  const shown = { ...(session !== undefined && { sid: session }), ...(apiKey !== undefined && { key_id: apiKey }) };
  return await new SignJWT({ tenant, scopes: [...scopes], ...shown })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setSubject(identity.subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_SECONDS)
    .sign(key);
}

export interface VerifiedToken {
  readonly identity: Identity;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Verifies such a token. @throws an error of jose or zod when it is not valid now, for this audience, by this key */
export async function verifyIdentityToken(
  key: Uint8Array,
  audience: string,
  token: string,
  clock: Clock = systemClock,
): Promise<VerifiedToken> {
  const { payload } = await jwtVerify(token, key, {
    algorithms: ['HS256'],
    issuer: ISSUER,
    audience,
    clockTolerance: CLOCK_SKEW_SECONDS,
    currentDate: new Date(clock.now()),
    requiredClaims: ['exp', 'iat', 'sub'],
  });
  const { sub, tenant, scopes, sid, key_id: apiKey, exp } = Claims.parse(payload);
  const shown = { ...(sid !== undefined && { session: sid }), ...(apiKey !== undefined && { apiKey }) };
  const who = { subject: sub, tenant, scopes: Object.freeze(scopes), ...shown };
  return { identity: Object.freeze(who), expiresAtMs: exp * 1_000 };
}
