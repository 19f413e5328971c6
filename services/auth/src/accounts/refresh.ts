import type { Transaction } from '@genai-platform/common';
import type { Client } from '../client.ts';
import { decideRefresh } from '../domain/refresh-decision.ts';
import type { RefreshTokenId } from '../domain/refresh-token.ts';
import { sessionEnded } from '../errors.ts';
import { appendAudit } from '../store/audit-log.ts';
import { lockSession, revokeSessions, saveGeneration } from '../store/sessions.ts';
import type { Session } from '../store/sessions.ts';
import { findUser } from '../store/users.ts';
import type { User } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';
import { grantOf, tokensOf } from './open-session.ts';
import type { OpenSession, SessionTokens } from './open-session.ts';

/**
 * Trades a refresh token for the next one. Of many refreshes with one token the first rotates; the others get the same
 * successor within the grace. One that comes later is a copy in other hands: the session ends (RFC 9700 section 4.14.2).
 *
 * @throws AppError 401
 */
export async function refreshSession(parts: AccountParts, token: string, client: Client): Promise<SessionTokens> {
  const presented = parts.refreshTokens.parse(token);
  if (presented === undefined) {
    await parts.throttles.charge('token:address', client.address);
    throw sessionEnded();
  }
  // What is refused must stay written: the transaction returns, and does not throw.
  const open = await parts.database.withTransaction({}, (tx) => rotate(parts, tx, presented, client));
  if (open === undefined) throw sessionEnded();
  return await tokensOf(parts, open);
}

async function rotate(
  parts: AccountParts,
  tx: Transaction,
  presented: RefreshTokenId,
  client: Client,
): Promise<OpenSession | undefined> {
  const { clock, config, roles } = parts;
  const session = await lockSession(tx, presented.session);
  const now = new Date(clock.now());
  if (session === undefined || hasEnded(session, now)) return undefined;
  const user = await findUser(tx, session.user_id);
  if (user === undefined || user.disabled_at !== null) return undefined;
  const state = { generation: session.generation, supersededMs: session.superseded_ms };
  const decision = decideRefresh(presented.generation, state, now.getTime(), config.AUTH_REFRESH_GRACE_SECONDS * 1_000);
  if (decision.kind === 'unknown') return undefined;
  if (decision.kind === 'replay') {
    await endReplayed(tx, { session, user, presented }, client);
    return undefined;
  }
  const { generation } = decision.kind === 'rotate' ? decision.next : state;
  if (decision.kind === 'rotate') {
    const idleMs = Math.min(now.getTime() + config.AUTH_REFRESH_TOKEN_SECONDS * 1_000, session.ends_at.getTime());
    await saveGeneration(tx, session.id, decision.next, { now, idleUntil: new Date(idleMs) });
  }
  const grant = await grantOf(tx, user, roles.of(user.role));
  return { refresh: { session: session.id, generation }, grant: { ...grant, session: session.id } };
}

export function hasEnded({ revoked_at, idle_until, ends_at }: Session, now: Date): boolean {
  return revoked_at !== null || idle_until <= now || ends_at <= now;
}

async function endReplayed(
  tx: Transaction,
  { session, user, presented }: { session: Session; user: User; presented: RefreshTokenId },
  client: Client,
): Promise<void> {
  const origin = client.origin();
  await revokeSessions(tx, { userId: user.id, id: session.id }, 'replay', origin.at);
  const details = { presented: presented.generation, current: session.generation };
  const who = { tenant: user.tenant, actor: user.id, target: session.id };
  await appendAudit(tx, { action: 'session.replayed', outcome: 'refused', details, ...who }, origin);
}
