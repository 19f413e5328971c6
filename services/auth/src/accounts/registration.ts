import { AppError, newId } from '@genai-platform/common';
import type { Transaction } from '@genai-platform/common';
import type { Client } from '../client.ts';
import { emailKey } from '../domain/email-address.ts';
import { betaTokenInvalid } from '../errors.ts';
import { BOOTSTRAP_TENANT } from '../keys/bootstrap-admin.ts';
import { alreadyRegisteredMail } from '../mail/messages.ts';
import { appendAudit } from '../store/audit-log.ts';
import { redeemBetaToken } from '../store/beta-tokens.ts';
import { enqueueMail } from '../store/outbox.ts';
import { findUserByLogin, insertUser } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';
import { sendVerification } from './email-verification.ts';
import { hashNewPassword } from './passwords.ts';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name?: string | undefined;
  readonly beta_token?: string | undefined;
}

/** Rolls back what a registration has begun, as the address has an account already. */
class AlreadyRegistered extends Error {}

/**
 * Registers a user. For an address that has an account it does the same, as far as anybody can see; only the mail
 * differs.
 *
 * @throws AppError 403 where the platform's policy does not let this person in, 422, 429
 */
export async function register(parts: AccountParts, registration: Registration, client: Client): Promise<void> {
  requireAdmission(parts, registration);
  await parts.throttles.charge('register:address', client.address);
  const passwordHash = await hashNewPassword(parts, registration.password, registration, '/password');
  try {
    await parts.database.withTransaction({}, (tx) => create(parts, tx, { registration, passwordHash, client }));
  } catch (error) {
    if (!(error instanceof AlreadyRegistered)) throw error;
    await tellOwner(parts, registration.email);
  }
}

function requireAdmission({ config }: AccountParts, { beta_token }: Registration): void {
  if (config.AUTH_SIGN_UP === 'Closed') {
    throw new AppError('AUTH_SIGN_UP_CLOSED', { status: 403, detail: 'accounts are made by an administrator here' });
  }
  if (config.AUTH_SIGN_UP === 'BetaToken' && beta_token === undefined) {
    throw new AppError('AUTH_BETA_TOKEN_NEEDED', {
      status: 403,
      detail: 'to register takes a beta token',
      pointer: '/beta_token',
    });
  }
}

async function create(
  parts: AccountParts,
  tx: Transaction,
  { registration, passwordHash, client }: { registration: Registration; passwordHash: string; client: Client },
): Promise<void> {
  const { email, name, beta_token } = registration;
  const { at } = client.origin();
  const beta = beta_token === undefined ? undefined : await redeemBetaToken(tx, beta_token, at);
  if (beta_token !== undefined && beta === undefined) throw betaTokenInvalid();
  const tenant = beta?.tenant ?? BOOTSTRAP_TENANT;
  const user = await insertUser(tx, {
    id: newId('user', at.getTime()),
    tenant,
    email,
    emailKey: emailKey(email),
    name,
    role: 'member',
    passwordHash,
    betaTokenId: beta?.id,
  });
  if (user === undefined) throw new AlreadyRegistered();
  const who = { tenant, actor: user.id, target: user.id };
  await appendAudit(tx, { action: 'user.registered', ...who }, client.origin());
  if (beta) {
    await appendAudit(tx, { action: 'beta-token.redeemed', tenant, actor: user.id, target: beta.id }, client.origin());
  }
  await sendVerification(parts, tx, user);
}

async function tellOwner({ database, box, clock, throttles }: AccountParts, email: string): Promise<void> {
  const key = emailKey(email);
  try {
    await throttles.charge('mail:account', key);
  } catch (error) {
    if (error instanceof AppError && error.status === 429) return;
    throw error;
  }
  await database.withTransaction({}, async (tx) => {
    const owner = await findUserByLogin(tx, key);
    if (owner?.email)
      await enqueueMail(tx, { box, now: new Date(clock.now()) }, owner.id, alreadyRegisteredMail(owner.email));
  });
}
