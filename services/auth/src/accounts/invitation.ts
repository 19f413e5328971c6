import type { Transaction } from '@genai-platform/common';
import { resetMail } from '../mail/messages.ts';
import { issueToken } from '../store/one-time-tokens.ts';
import { enqueueMail } from '../store/outbox.ts';
import type { User } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';
import { linksOf } from './links.ts';

const LIFETIME_SECONDS = 7 * 86_400;

/** To a person whom an administrator has made an account for: a token to choose the first password with. */
export async function sendInvitation({ box, clock, config }: AccountParts, tx: Transaction, user: User): Promise<void> {
  if (user.email === null) return;
  const now = new Date(clock.now());
  const token = await issueToken(tx, user.id, 'reset-password', new Date(now.getTime() + LIFETIME_SECONDS * 1_000));
  await enqueueMail(tx, { box, now }, user.id, resetMail(user.email, token, linksOf(config), LIFETIME_SECONDS));
}
