import { passwordWeakness } from '../domain/password-policy.ts';
import { passwordWeak } from '../errors.ts';
import type { AccountParts } from './account-parts.ts';

/** What a guesser would try first. */
interface Person {
  readonly email?: string | null | undefined;
  readonly name?: string | null | undefined;
}

/** The hash of a new password. @throws AppError 422 where it is too easy to guess */
export async function hashNewPassword(
  { hasher }: AccountParts,
  password: string,
  { email, name }: Person,
  pointer: string,
): Promise<string> {
  const weakness = passwordWeakness(password, [email ?? '', name ?? '']);
  if (weakness !== undefined) throw passwordWeak(weakness, pointer);
  return await hasher.hash(password);
}
