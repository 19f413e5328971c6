import { nextLoginName } from '@genai-platform/cdk8s';
import type { SecretValues } from '../secrets/secret-data.ts';

/**
 * Where a login stands. `settled`: one credential. `prepared`: the next one is to become valid, and nobody's yet.
 * `switched`: the next is the users', and the previous is valid for those that have not changed over.
 */
export type Phase = 'settled' | 'prepared' | 'switched';

/** All there is to know of a rotation is in the Secret: whatever stops the operator, the next one goes on from there. */
export function phaseOf(values: SecretValues): Phase {
  if (values['next-password'] !== undefined) return 'prepared';
  return values['previous-password'] === undefined ? 'settled' : 'switched';
}

/** Begins a rotation: `settled` → `prepared`. */
export function prepare(
  values: SecretValues,
  next: { readonly password: string; readonly rotatedFor: string | undefined; readonly rotatedAt: string },
): SecretValues {
  return {
    ...values,
    'next-username': nextLoginName(values['username'] ?? ''),
    'next-password': next.password,
    ...(next.rotatedFor !== undefined && { 'rotated-for': next.rotatedFor }),
    'rotated-at': next.rotatedAt,
  };
}

/** Gives the next credential to the users, in one write with what keeps the previous one valid: `prepared` → `switched`. */
export function switchOver(values: SecretValues): SecretValues {
  const { 'next-username': username = '', 'next-password': password = '', ...rest } = values;
  const [previousUser = '', previousPassword = ''] = [values['username'], values['password']];
  return {
    ...rest,
    username,
    password,
    'previous-username': previousUser,
    'previous-password': previousPassword,
  };
}

/** Retires the previous credential: `switched` → `settled`. A user that did not change has no name to retire. */
export function retire(values: SecretValues): SecretValues {
  const { 'previous-username': previous, 'previous-password': _, ...rest } = values;
  return {
    ...rest,
    ...(previous !== undefined && previous !== values['username'] && { 'retired-username': previous }),
  };
}
