import type { Identity } from '@genai-platform/common';
import type { Client } from '../client.ts';
import { credentialsWrong } from '../errors.ts';
import { BOOTSTRAP_ID } from '../keys/bootstrap-admin.ts';
import type { AccountParts } from './account-parts.ts';
import { requireUser } from './require-user.ts';

/** Asks again who is there, before something that cannot be undone. @throws AppError 401, 429 */
export async function confirmPassword(
  { bootstrap, database, hasher, throttles }: AccountParts,
  identity: Identity,
  password: string,
  { address }: Client,
): Promise<void> {
  const login = `${identity.subject}\n${address}`;
  await throttles.charge('login:account-address', login);
  const user = await database.withTransaction({}, (tx) => requireUser(tx, identity));
  const matches = await hasher.matches(password, user.password_hash ?? undefined);
  const right = user.id === BOOTSTRAP_ID ? await bootstrap.matches(password) : matches;
  if (!right) throw credentialsWrong();
  await throttles.refund('login:account-address', login);
}
