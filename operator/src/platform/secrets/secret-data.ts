import type { Secret } from '../kinds.ts';

/** Decoded values of one Secret by key. */
export type SecretValues = Readonly<Record<string, string>>;

/** The values of a Secret as text. */
export function decodeSecret({ data = {} }: Pick<Secret, 'data'>): SecretValues {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}
