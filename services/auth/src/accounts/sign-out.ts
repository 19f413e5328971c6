import type { Identity } from '@genai-platform/common';
import type { Client } from '../client.ts';
import { appendAudit } from '../store/audit-log.ts';
import { lockSession, revokeSessions } from '../store/sessions.ts';
import { findUser } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';
import { hasEnded } from './refresh.ts';

/**
 * Ends one session, whoever holds its token. It waits for a refresh that is under way, and one that comes later finds
 * the session ended: no token survives.
 */
export async function endSession({ database }: AccountParts, id: string, client: Client): Promise<void> {
  await database.withTransaction({}, async (tx) => {
    const session = await lockSession(tx, id);
    const origin = client.origin();
    if (session === undefined || hasEnded(session, origin.at)) return;
    const user = await findUser(tx, session.user_id);
    await revokeSessions(tx, { userId: session.user_id, id }, 'logout', origin.at);
    const who = { tenant: user?.tenant ?? '', actor: session.user_id, target: id };
    await appendAudit(tx, { action: 'session.revoked', details: { reason: 'logout' }, ...who }, origin);
  });
}

/** Ends one or all sessions of a user; returns how many. */
export async function endSessions(
  { database }: AccountParts,
  { subject, tenant }: Pick<Identity, 'subject' | 'tenant'>,
  { id, actor = subject }: { id?: string; actor?: string },
  client: Client,
): Promise<number> {
  return await database.withTransaction({}, async (tx) => {
    const origin = client.origin();
    const ended = await revokeSessions(tx, { userId: subject, id }, 'revoked', origin.at);
    for (const target of ended) {
      await appendAudit(
        tx,
        { action: 'session.revoked', details: { reason: 'revoked' }, tenant, actor, target },
        origin,
      );
    }
    return ended.length;
  });
}
