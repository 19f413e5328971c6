import { createLocalJWKSet } from 'jose';
import { verifyAccessToken } from '@genai-platform/common';
import type { AccessGrant } from '@genai-platform/common';
import { findLiveKey, noteUse } from '../store/api-keys.ts';
import type { Session } from '../store/sessions.ts';
import type { AccountParts } from './account-parts.ts';
import { grantOf } from './open-session.ts';
import { hasEnded } from './refresh.ts';

/** RFC 7662 section 2.2, with what our edge wants to know besides. */
export interface Introspection {
  active: boolean;
  sub?: string;
  tenant?: string;
  scope?: string;
  token_type?: 'access_token' | 'api_key';
  sid?: string;
  key_id?: string;
  exp?: number;
  beta?: { id: string; requests_per_second: number; burst: number };
}

const INACTIVE: Introspection = { active: false };

/** What a credential is worth at this moment. Nothing is said of one that is worth nothing. */
export function introspect(parts: AccountParts, token: string): Promise<Introspection> {
  return token.startsWith('gp_') ? introspectKey(parts, token) : introspectAccessToken(parts, token);
}

async function introspectKey({ database, clock, roles }: AccountParts, key: string): Promise<Introspection> {
  return await database.withTransaction({}, async (tx) => {
    const now = new Date(clock.now());
    const found = await findLiveKey(tx, key, now);
    if (found === undefined) return INACTIVE;
    await noteUse(tx, found.id, now);
    const owner = { id: found.user_id, tenant: found.tenant, beta_token_id: found.beta_token_id };
    const grant = await grantOf(tx, owner, roles.within(found.role, found.scopes));
    const exp = found.expires_at === null ? {} : { exp: Math.floor(found.expires_at.getTime() / 1_000) };
    return { ...described(grant), token_type: 'api_key' as const, key_id: found.id, ...exp };
  });
}

async function introspectAccessToken(
  { database, clock, signingKeys }: AccountParts,
  token: string,
): Promise<Introspection> {
  const jwks = await signingKeys.jwks();
  const verified = await verifyAccessToken(token, createLocalJWKSet(jwks), clock).catch(() => undefined);
  if (verified === undefined) return INACTIVE;
  const { grant, expiresAtMs } = verified;
  const sql = 'SELECT * FROM sessions WHERE id = $1';
  const [session] = await database.rows<Session>({ readOnly: true }, sql, [grant.session ?? '']);
  if (session === undefined || hasEnded(session, new Date(clock.now()))) return INACTIVE;
  return { ...described(grant), token_type: 'access_token', sid: session.id, exp: Math.floor(expiresAtMs / 1_000) };
}

function described({ subject, tenant, scopes, beta }: AccessGrant): Introspection {
  return {
    active: true,
    sub: subject,
    tenant,
    scope: scopes.join(' '),
    ...(beta && { beta: { id: beta.id, requests_per_second: beta.requestsPerSecond, burst: beta.burst } }),
  };
}
