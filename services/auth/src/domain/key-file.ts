import { hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/** What keys are derived for: each purpose has its own, so that none can stand in for another. */
export type KeyPurpose = 'encryption' | 'refresh-token';

/**
 * Reads the text of the key file: one base64url key of at least 32 bytes a line. The first one encrypts and signs, all
 * decrypt and verify, so that a rotation can overlap.
 *
 * @returns the keys for `purpose` (HKDF-SHA-256, RFC 5869)
 * @throws Error that never quotes the text
 */
export function deriveKeys(text: string, purpose: KeyPurpose): Buffer[] {
  const masters = text
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [] : [Buffer.from(line.trim(), 'base64url')]));
  if (masters.length === 0) throw new Error('the key file holds no key');
  if (masters.some((key) => key.length < KEY_BYTES)) throw new Error('a key of the key file is shorter than 32 bytes');
  return masters.map((key) => Buffer.from(hkdfSync('sha256', key, '', `genai-platform-auth/${purpose}`, KEY_BYTES)));
}
