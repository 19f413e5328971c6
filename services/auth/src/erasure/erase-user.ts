import { newId } from '@genai-platform/common';
import type { Transaction } from '@genai-platform/common';
import type { z } from 'zod';
import type { AccountParts } from '../accounts/account-parts.ts';
import type { ErasureReply } from '../api/admin-schemas.ts';
import type { Client } from '../client.ts';
import { appendAudit } from '../store/audit-log.ts';
import { revokeSessions } from '../store/sessions.ts';
import type { User } from '../store/users.ts';
import type { ErasedPlace, ServiceEraser } from './service-eraser.ts';

/** Tables here that go with the user, and are counted for the report. */
const OWN_TABLES = ['sessions', 'api_keys', 'one_time_tokens', 'recovery_codes', 'outbox'] as const;

/**
 * Erases a user everywhere: shut out first, then every service is asked, and only when all of them are done the account
 * itself goes. Where one fails the report says so, and a repetition goes on.
 */
export async function eraseUser(
  parts: AccountParts & { readonly services: ServiceEraser },
  user: User,
  { actor, client }: { actor: string; client: Client },
): Promise<z.input<typeof ErasureReply>> {
  const { database, services } = parts;
  await database.withTransaction({}, async (tx) => {
    const { at } = client.origin();
    await tx.query('UPDATE users SET disabled_at = coalesce(disabled_at, $2) WHERE id = $1', [user.id, at]);
    await tx.query('UPDATE api_keys SET revoked_at = coalesce(revoked_at, $2) WHERE user_id = $1', [user.id, at]);
    await revokeSessions(tx, { userId: user.id }, 'erased', at);
  });
  const places = await services.erase({ tenant: user.tenant, subject: user.id });
  const complete = places.every(({ erased }) => erased);
  return await database.withTransaction({}, async (tx) => {
    const own: ErasedPlace = complete
      ? { service: 'auth', erased: true, records: await removeAccount(tx, user.id) }
      : { service: 'auth', erased: false, problem: 'waits for the other services' };
    const report = [...places, own];
    const { at } = client.origin();
    const id = newId('erasure', at.getTime());
    const insert = 'INSERT INTO erasures (id, tenant, user_id, report, complete) VALUES ($1, $2, $3, $4, $5)';
    await tx.query(insert, [id, user.tenant, user.id, JSON.stringify(report), complete]);
    const details = { erasure: id, complete };
    const who = { tenant: user.tenant, actor, target: user.id };
    await appendAudit(tx, { action: 'user.erased', details, ...who }, client.origin());
    return { object: 'erasure', id, user_id: user.id, complete, services: report, created_at: at.toISOString() };
  });
}

async function removeAccount(tx: Transaction, userId: string): Promise<Record<string, number>> {
  const records: Record<string, number> = {};
  for (const table of OWN_TABLES) {
    const { rowCount } = await tx.query(`DELETE FROM ${table} WHERE user_id = $1`, [userId]);
    records[table] = rowCount ?? 0;
  }
  // The count of requests stays, without whose they were.
  const anonymous = `UPDATE beta_usage SET user_id = 'erased-' || substr(md5(random()::text), 1, 12) WHERE user_id = $1`;
  records['beta_usage'] = (await tx.query(anonymous, [userId])).rowCount ?? 0;
  records['users'] = (await tx.query('DELETE FROM users WHERE id = $1', [userId])).rowCount ?? 0;
  return records;
}
