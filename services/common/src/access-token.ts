import { SignJWT, jwtVerify } from 'jose';
import type { CryptoKey, JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { Identity } from './identity-token.ts';

/** What a beta token allows its users: the edge counts and limits by it. */
export interface BetaGrant {
  /** Of the beta token. */
  readonly id: string;
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** What an access token says. */
export interface AccessGrant extends Identity {
  readonly beta?: BetaGrant;
}

export interface VerifiedAccess {
  readonly grant: AccessGrant;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Finds the public key of a token by its header; jose's `createLocalJWKSet` makes one. */
export type AccessTokenKeys = JWTVerifyGetKey;

const ISSUER = 'genai-platform-auth';
const AUDIENCE = 'genai-platform';
/** RFC 9068: a token of another kind (identity, refresh, id) is none of access. */
const TYPE = 'at+jwt';
const CLOCK_SKEW_SECONDS = 5;
/** A token is a header of every request: one that is longer was not made here. */
const MAX_LENGTH = 8_192;
/** Three parts, without padding (RFC 7515 section 2), which decoders forgive: one token has one spelling. */
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const Claims = z.object({
  sub: z.string().min(1).max(256),
  tenant: z.string().min(1).max(256),
  scopes: z.array(z.string().min(1).max(128)).max(256),
  sid: z.string().min(1).max(128).optional(),
  beta: z
    .object({ id: z.string().min(1).max(128), rps: z.number().positive(), burst: z.number().int().positive() })
    .optional(),
  exp: z.number(),
});

/** Signs an access token (EdDSA, `kid` in the header, RFC 9068) that ends after `lifetimeSeconds`. */
export async function mintAccessToken(
  key: { readonly kid: string; readonly privateKey: CryptoKey },
  { subject, tenant, scopes, session, beta }: AccessGrant,
  { lifetimeSeconds, clock = systemClock }: { lifetimeSeconds: number; clock?: Clock },
): Promise<string> {
  const issuedAt = Math.floor(clock.now() / 1_000);
  return await new SignJWT({
    tenant,
    scopes: [...scopes],
    ...(session !== undefined && { sid: session }),
    ...(beta && { beta: { id: beta.id, rps: beta.requestsPerSecond, burst: beta.burst } }),
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: TYPE })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key.privateKey);
}

/**
 * Verifies such a token: only EdDSA, only of this type, issuer and audience, and only now.
 * @throws an error of jose or zod; of `keys` when there are none to be had
 */
export async function verifyAccessToken(
  token: string,
  keys: AccessTokenKeys,
  clock: Clock = systemClock,
): Promise<VerifiedAccess> {
  if (token.length > MAX_LENGTH || !FORM.test(token)) throw new Error('this is no token');
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['EdDSA'],
    typ: TYPE,
    issuer: ISSUER,
    audience: AUDIENCE,
    clockTolerance: CLOCK_SKEW_SECONDS,
    currentDate: new Date(clock.now()),
    requiredClaims: ['exp', 'iat', 'sub'],
  });
  const { sub, tenant, scopes, sid, beta, exp } = Claims.parse(payload);
  const grant = {
    subject: sub,
    tenant,
    scopes: Object.freeze(scopes),
    ...(sid !== undefined && { session: sid }),
    ...(beta && { beta: { id: beta.id, requestsPerSecond: beta.rps, burst: beta.burst } }),
  };
  return { grant: Object.freeze(grant), expiresAtMs: exp * 1_000 };
}
