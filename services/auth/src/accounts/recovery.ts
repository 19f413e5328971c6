import type { Identity, Transaction } from '@genai-platform/common';
import type { Client } from '../client.ts';
import { emailKey } from '../domain/email-address.ts';
import { bootstrapFixed, credentialsWrong, tokenInvalid } from '../errors.ts';
import { BOOTSTRAP_ID } from '../keys/bootstrap-admin.ts';
import { passwordChangedMail, resetMail } from '../mail/messages.ts';
import { appendAudit } from '../store/audit-log.ts';
import type { AuditAction } from '../store/audit-log.ts';
import { consumeToken, discardTokens, issueToken } from '../store/one-time-tokens.ts';
import { enqueueMail } from '../store/outbox.ts';
import { revokeSessions } from '../store/sessions.ts';
import { findUserByLogin, lockUser, setEmailVerified, setPassword } from '../store/users.ts';
import type { User } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';
import { linksOf } from './links.ts';
import { hashNewPassword } from './passwords.ts';
import { requireUser } from './require-user.ts';

const LIFETIME_SECONDS = 2 * 3_600;

/** Sends a token for a new password, where the address has an account; the reply is the same where not. */
export async function forgotPassword(parts: AccountParts, email: string, client: Client): Promise<void> {
  const { box, clock, config, database, throttles } = parts;
  const key = emailKey(email);
  await throttles.charge('mail:address', client.address);
  await throttles.charge('mail:account', key);
  await database.withTransaction({}, async (tx) => {
    const user = await findUserByLogin(tx, key);
    if (!user?.email || user.disabled_at !== null || user.role === 'service') return;
    const now = new Date(clock.now());
    const token = await issueToken(tx, user.id, 'reset-password', new Date(now.getTime() + LIFETIME_SECONDS * 1_000));
    await enqueueMail(tx, { box, now }, user.id, resetMail(user.email, token, linksOf(config), LIFETIME_SECONDS));
  });
}

/** Sets the password by the token of a mail, and ends every session: whoever was in is out. @throws AppError 400, 422 */
export async function resetPassword(
  parts: AccountParts,
  { token, password }: { token: string; password: string },
  client: Client,
): Promise<void> {
  await parts.throttles.charge('token:address', client.address);
  const hash = await hashNewPassword(parts, password, {}, '/password');
  const done = await parts.database.withTransaction({}, async (tx) => {
    const userId = await consumeToken(tx, 'reset-password', token, client.origin().at);
    const user = userId === undefined ? undefined : await lockUser(tx, userId);
    if (user === undefined) return false;
    // Who can read the mail has proved the address, too.
    await setEmailVerified(tx, user.id);
    await replacePassword(parts, tx, { user, hash, action: 'password.reset' }, client);
    return true;
  });
  if (!done) throw tokenInvalid('/token');
}

/** Changes the password of a signed-in user; every other session ends. @throws AppError 401, 409, 422, 429 */
export async function changePassword(
  parts: AccountParts,
  identity: Identity,
  { current_password, password }: { current_password: string; password: string },
  client: Client,
): Promise<void> {
  const { database, hasher, throttles } = parts;
  if (identity.subject === BOOTSTRAP_ID) throw bootstrapFixed();
  const login = `${identity.subject}\n${client.address}`;
  await throttles.charge('login:account-address', login);
  const seen = await database.withTransaction({ readOnly: true }, (tx) => requireUser(tx, identity));
  if (!(await hasher.matches(current_password, seen.password_hash ?? undefined))) throw credentialsWrong();
  const hash = await hashNewPassword(parts, password, seen, '/password');
  const done = await database.withTransaction({}, async (tx) => {
    const user = await lockUser(tx, seen.id);
    if (user === undefined || user.password_hash !== seen.password_hash) return false;
    await replacePassword(parts, tx, { user, hash, action: 'password.changed', keep: identity.session }, client);
    return true;
  });
  if (!done) throw credentialsWrong();
  await throttles.refund('login:account-address', login);
}

async function replacePassword(
  { box }: AccountParts,
  tx: Transaction,
  { user, hash, action, keep }: { user: User; hash: string; action: AuditAction; keep?: string | undefined },
  client: Client,
): Promise<void> {
  const origin = client.origin();
  await setPassword(tx, user.id, hash);
  await discardTokens(tx, user.id, 'reset-password');
  const ended = await revokeSessions(tx, { userId: user.id, except: keep }, 'password-changed', origin.at);
  const who = { tenant: user.tenant, actor: user.id, target: user.id };
  await appendAudit(tx, { action, details: { sessions_ended: ended.length }, ...who }, origin);
  if (user.email !== null) await enqueueMail(tx, { box, now: origin.at }, user.id, passwordChangedMail(user.email));
}
