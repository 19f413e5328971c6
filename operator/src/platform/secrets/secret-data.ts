import type { Secret } from '../kinds.ts';
import type { SecretValues } from './complete-secret.ts';

/** The values of a Secret as text. */
export function decodeSecret({ data = {} }: Pick<Secret, 'data'>): SecretValues {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}
