import { createHash } from 'node:crypto';
import type { Transaction } from '@genai-platform/common';
import { newRecoveryCodes, plainRecoveryCode, totpStep } from '../domain/one-time-password.ts';
import type { User } from '../store/users.ts';
import type { AccountParts } from './account-parts.ts';

/** What a user gives besides the password. */
export interface SecondFactor {
  readonly totp_code?: string | undefined;
  readonly recovery_code?: string | undefined;
}

export const totpLabel = (userId: string): string => `totp:${userId}`;

/** Uses up the code that was given: `totp`, `recovery-code`, or undefined where none is right. */
export async function useSecondFactor(
  parts: AccountParts,
  tx: Transaction,
  user: User,
  { totp_code, recovery_code }: SecondFactor,
): Promise<'totp' | 'recovery-code' | undefined> {
  if (recovery_code !== undefined) return (await useRecoveryCode(tx, user.id, recovery_code)) ? 'recovery-code' : undefined; // prettier-ignore
  if (totp_code === undefined || user.totp_secret === null) return undefined;
  return (await useTotpCode(parts, tx, user, { sealed: user.totp_secret, code: totp_code })) ? 'totp' : undefined;
}

/** A code counts once: of many uses at the same time one finds its step unused. */
export async function useTotpCode(
  { box, clock }: AccountParts,
  tx: Transaction,
  { id }: User,
  { sealed, code }: { sealed: Buffer; code: string },
): Promise<boolean> {
  const secret = box.open(totpLabel(id), sealed);
  const step = secret === undefined ? undefined : totpStep(secret, code, clock.now());
  if (step === undefined) return false;
  const sql = 'UPDATE users SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2 RETURNING id';
  return (await tx.row(sql, [id, step])) !== undefined;
}

/** New codes in place of all old ones; shown once. */
export async function issueRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await tx.query('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);
  const sql = 'INSERT INTO recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])';
  await tx.query(sql, [userId, codes.map(hashCode)]);
  return codes;
}

async function useRecoveryCode(tx: Transaction, userId: string, code: string): Promise<boolean> {
  const sql = 'DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2 RETURNING user_id';
  return (await tx.row(sql, [userId, hashCode(code)])) !== undefined;
}

function hashCode(code: string): Buffer {
  return createHash('sha256').update(plainRecoveryCode(code)).digest();
}
