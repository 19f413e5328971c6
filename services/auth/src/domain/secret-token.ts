import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;
const SHOWN = 8;

/** A new credential that is shown once. */
export interface SecretToken {
  readonly token: string;
  /** What is stored: SHA-256. 256 random bits need no slow hash. */
  readonly hash: Buffer;
  /** By which a person recognises it in a list: worth nothing by itself. */
  readonly prefix: string;
}

/** @param kind such as `gp_`: secret scanners find it, and people see what it is */
export function newSecretToken(kind: string): SecretToken {
  const token = `${kind}${randomBytes(BYTES).toString('base64url')}`;
  return { token, hash: hashToken(token), prefix: token.slice(0, kind.length + SHOWN) };
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
