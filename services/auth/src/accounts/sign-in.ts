import { setTimeout as pause } from 'node:timers/promises';
import type { Transaction } from '@genai-platform/common';
import type { Client } from '../client.ts';
import { emailKey } from '../domain/email-address.ts';
import { isOutdated } from '../domain/password-hash.ts';
import { credentialsWrong, emailUnverified, mfaRequired, mfaWrong } from '../errors.ts';
import { BOOTSTRAP_ID, BOOTSTRAP_TENANT } from '../keys/bootstrap-admin.ts';
import { appendAudit } from '../store/audit-log.ts';
import { ensureBootstrapAdmin, findUserByLogin, lockUser, setPassword } from '../store/users.ts';
import type { User } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';
import { openSession, tokensOf } from './open-session.ts';
import type { OpenSession, SessionTokens } from './open-session.ts';
import { useSecondFactor } from './second-factor.ts';
import type { SecondFactor } from './second-factor.ts';

/**
 * No refusal is answered sooner. A name that there is and one that there is not take different rows of the same tables:
 * a few hundred microseconds that enough guesses would tell apart.
 */
const REFUSAL_MS = 150;

export interface Credentials extends SecondFactor {
  /** Address, or the name of the bootstrap administrator. */
  readonly login: string;
  readonly password: string;
}

/**
 * Signs a user in. A wrong name takes as long as a wrong password, and gets the same answer.
 * @throws AppError 401, 403, 429, 503
 */
export async function signIn(parts: AccountParts, credentials: Credentials, client: Client): Promise<SessionTokens> {
  const startedMs = performance.now();
  const login = emailKey(credentials.login);
  const attempt = await countAttempt(parts, login, client);
  const user = await findCandidate(parts, login);
  if (!(await isRightPassword(parts, user, credentials.password)) || user === undefined || !mayEnter(user)) {
    await noteRefusal(parts, user, client);
    await pause(Math.max(0, startedMs + REFUSAL_MS - performance.now()));
    throw credentialsWrong();
  }
  if (parts.config.AUTH_EMAIL_VERIFICATION === 'Required' && user.email_verified_at === null) throw emailUnverified();
  if (user.totp_secret !== null) await askForSecondFactor(parts, user, credentials);
  const open = await parts.database.withTransaction({}, (tx) => enter(parts, tx, { user, credentials, client }));
  if (open === undefined) throw user.totp_secret === null ? credentialsWrong() : mfaWrong();
  await attempt.succeeded();
  return await tokensOf(parts, open);
}

/** Every attempt counts before it is made; one that succeeds is taken back. */
async function countAttempt(
  { throttles }: AccountParts,
  login: string,
  { address }: Client,
): Promise<{ succeeded(): Promise<void> }> {
  await throttles.charge('login:address', address);
  await throttles.charge('login:account-address', `${login}\n${address}`);
  await throttles.charge('login:account', login);
  return {
    succeeded: async () => {
      await throttles.refund('login:address', address);
      await throttles.refund('login:account-address', `${login}\n${address}`);
      await throttles.refund('login:account', login);
    },
  };
}

function findCandidate({ database }: AccountParts, login: string): Promise<User | undefined> {
  return database.withTransaction({}, async (tx) => {
    if (login === BOOTSTRAP_ID) await ensureBootstrapAdmin(tx, BOOTSTRAP_ID, BOOTSTRAP_TENANT);
    return await findUserByLogin(tx, login);
  });
}

async function isRightPassword(
  { hasher, bootstrap }: AccountParts,
  user: User | undefined,
  password: string,
): Promise<boolean> {
  const matches = await hasher.matches(password, user?.password_hash ?? undefined);
  return user?.id === BOOTSTRAP_ID ? await bootstrap.matches(password) : matches;
}

/** Service accounts have keys, no sessions. */
function mayEnter({ disabled_at, role }: User): boolean {
  return disabled_at === null && role !== 'service';
}

/** Written for unknown names too: both take the same way. */
async function noteRefusal({ database }: AccountParts, user: User | undefined, client: Client): Promise<void> {
  const who = { tenant: user?.tenant ?? BOOTSTRAP_TENANT, actor: user?.id ?? 'unknown', target: user?.id };
  await database.withTransaction({}, (tx) =>
    appendAudit(tx, { action: 'user.sign-in-refused', outcome: 'refused', ...who }, client.origin()),
  );
}

async function askForSecondFactor({ throttles }: AccountParts, user: User, given: SecondFactor): Promise<void> {
  if (given.totp_code === undefined && given.recovery_code === undefined) throw mfaRequired();
  await throttles.charge('mfa:account', user.id);
}

/** Undefined where the account has changed since its password was compared, or the second factor is wrong. */
async function enter(
  parts: AccountParts,
  tx: Transaction,
  { user: seen, credentials, client }: { user: User; credentials: Credentials; client: Client },
): Promise<OpenSession | undefined> {
  const user = await lockUser(tx, seen.id);
  if (user === undefined || user.password_hash !== seen.password_hash || !mayEnter(user)) return undefined;
  const factor = user.totp_secret === null ? undefined : await useSecondFactor(parts, tx, user, credentials);
  if (user.totp_secret !== null && factor === undefined) return undefined;
  await renewHash(parts, tx, user, credentials.password);
  const open = await openSession(parts, tx, user, { client, mfa: factor !== undefined });
  const target = open.refresh.session;
  const who = { tenant: user.tenant, actor: user.id, target };
  await appendAudit(tx, { action: 'user.signed-in', details: { factor: factor ?? 'password' }, ...who }, client.origin()); // prettier-ignore
  if (factor === 'recovery-code') await appendAudit(tx, { action: 'mfa.recovery-code-used', ...who }, client.origin());
  return open;
}

/** The password is at hand only now: a hash made at a lower cost is made anew. */
async function renewHash({ hasher }: AccountParts, tx: Transaction, user: User, password: string): Promise<void> {
  if (user.password_hash === null || !isOutdated(user.password_hash)) return;
  await setPassword(tx, user.id, await hasher.hash(password));
}
