import type { Identity, Transaction } from '@genai-platform/common';
import { sessionNeeded, userMissing } from '../errors.ts';
import { BOOTSTRAP_ID, BOOTSTRAP_TENANT } from '../keys/bootstrap-admin.ts';
import { ensureBootstrapAdmin, findUser } from '../store/users.ts';
import type { User } from '../store/users.ts';

/** The user that asks. The bootstrap key may come before anybody has signed in. @throws AppError 404 */
export async function requireUser(tx: Transaction, { subject, tenant }: Identity): Promise<User> {
  const found = await findUser(tx, subject);
  if (found !== undefined && found.tenant === tenant) return found;
  if (found !== undefined || subject !== BOOTSTRAP_ID || tenant !== BOOTSTRAP_TENANT) throw userMissing();
  await ensureBootstrapAdmin(tx, subject, tenant);
  return await requireUser(tx, { subject, tenant, scopes: [] });
}

/** What only the person may do, at a keyboard: an API key that got lost must not change what opens the account. */
export function requireSession(identity: Identity): string {
  if (identity.session === undefined) throw sessionNeeded();
  return identity.session;
}
