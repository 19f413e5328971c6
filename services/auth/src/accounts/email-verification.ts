import type { Transaction } from '@genai-platform/common';
import type { Client } from '../client.ts';
import { emailKey } from '../domain/email-address.ts';
import { tokenInvalid } from '../errors.ts';
import { verificationMail } from '../mail/messages.ts';
import { appendAudit } from '../store/audit-log.ts';
import { consumeToken, issueToken } from '../store/one-time-tokens.ts';
import { enqueueMail } from '../store/outbox.ts';
import { findUser, findUserByLogin, setEmailVerified } from '../store/users.ts';
import type { User } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';
import { linksOf } from './links.ts';

const LIFETIME_SECONDS = 24 * 3_600;

/** Puts the mail with a new token into the outbox. */
export async function sendVerification(
  { box, clock, config }: AccountParts,
  tx: Transaction,
  user: User,
): Promise<void> {
  if (user.email === null || user.email_verified_at !== null) return;
  const nowMs = clock.now();
  const token = await issueToken(tx, user.id, 'verify-email', new Date(nowMs + LIFETIME_SECONDS * 1_000));
  const mail = verificationMail(user.email, token, linksOf(config), LIFETIME_SECONDS);
  await enqueueMail(tx, { box, now: new Date(nowMs) }, user.id, mail);
}

/** Whoever asks learns nothing: there is a mail, or there is none. @throws AppError 429 */
export async function resendVerification(parts: AccountParts, email: string, client: Client): Promise<void> {
  const key = emailKey(email);
  await parts.throttles.charge('mail:address', client.address);
  await parts.throttles.charge('mail:account', key);
  await parts.database.withTransaction({}, async (tx) => {
    const user = await findUserByLogin(tx, key);
    if (user !== undefined && user.disabled_at === null) await sendVerification(parts, tx, user);
  });
}

/** Takes the token of a verification mail. @throws AppError 400, 429 */
export async function verifyEmail(parts: AccountParts, token: string, client: Client): Promise<void> {
  await parts.throttles.charge('token:address', client.address);
  const verified = await parts.database.withTransaction({}, async (tx) => {
    const origin = client.origin();
    const userId = await consumeToken(tx, 'verify-email', token, origin.at);
    const user = userId === undefined ? undefined : await findUser(tx, userId);
    if (user === undefined) return false;
    await setEmailVerified(tx, user.id);
    const who = { tenant: user.tenant, actor: user.id, target: user.id };
    await appendAudit(tx, { action: 'email.verified', ...who }, origin);
    return true;
  });
  if (!verified) throw tokenInvalid('/token');
}
