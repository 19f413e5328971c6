import { mintAccessToken, newId } from '@genai-platform/common';
import type { AccessGrant, Transaction } from '@genai-platform/common';
import type { Client } from '../client.ts';
import type { RefreshTokenId } from '../domain/refresh-token.ts';
import { findBetaToken } from '../store/beta-tokens.ts';
import { insertSession, revokeOldest } from '../store/sessions.ts';
import type { User } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';

/** What a client gets when it has signed in or refreshed. */
export interface SessionTokens {
  readonly object: 'session.tokens';
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly session_id: string;
}

/** A session that tokens can be made for, once the transaction has been committed. */
export interface OpenSession {
  readonly refresh: RefreshTokenId;
  readonly grant: AccessGrant;
}

/** Nobody has more devices; the one that was used least recently goes. */
const MAX_SESSIONS = 50;

/** Begins a session of a user who has proved to be it. */
export async function openSession(
  { config, clock, roles }: AccountParts,
  tx: Transaction,
  user: User,
  { client, mfa }: { client: Client; mfa: boolean },
): Promise<OpenSession> {
  const nowMs = clock.now();
  const id = newId('session', nowMs);
  const after = (seconds: number): Date => new Date(nowMs + seconds * 1_000);
  await insertSession(tx, {
    id,
    userId: user.id,
    mfa,
    userAgent: client.userAgent,
    address: client.address,
    now: new Date(nowMs),
    idleUntil: after(Math.min(config.AUTH_REFRESH_TOKEN_SECONDS, config.AUTH_SESSION_SECONDS)),
    endsAt: after(config.AUTH_SESSION_SECONDS),
  });
  await revokeOldest(tx, user.id, MAX_SESSIONS, new Date(nowMs));
  const grant = await grantOf(tx, user, roles.of(user.role));
  return { refresh: { session: id, generation: 1 }, grant: { ...grant, session: id } };
}

/** What a user may do, by what the user is now. */
export async function grantOf(
  tx: Transaction,
  user: Pick<User, 'id' | 'tenant' | 'beta_token_id'>,
  scopes: readonly string[],
): Promise<AccessGrant> {
  const { id: subject, tenant, beta_token_id } = user;
  const beta = beta_token_id === null ? undefined : await findBetaToken(tx, beta_token_id);
  return {
    subject,
    tenant,
    scopes,
    ...(beta && { beta: { id: beta.id, requestsPerSecond: beta.requests_per_second, burst: beta.burst } }),
  };
}

/** The tokens of a session. Every call makes an access token of its own; the refresh token is always the same. */
export async function tokensOf(
  { config, clock, signingKeys, refreshTokens }: AccountParts,
  { refresh, grant }: OpenSession,
): Promise<SessionTokens> {
  const lifetimeSeconds = config.AUTH_ACCESS_TOKEN_SECONDS;
  return {
    object: 'session.tokens',
    access_token: await mintAccessToken(await signingKeys.current(), grant, { lifetimeSeconds, clock }),
    token_type: 'Bearer',
    expires_in: lifetimeSeconds,
    refresh_token: refreshTokens.token(refresh),
    session_id: refresh.session,
  };
}
