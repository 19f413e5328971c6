import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ITERATIONS = 4096; // PostgreSQL's own default (scram_iterations)

/**
 * The SCRAM-SHA-256 verifier of a password, as PostgreSQL stores it (RFC 5803 form, computed as in RFC 5802 section 3).
 * Sent in place of the password, so that no statement, and so no server log, ever holds the password itself.
 * Generated passwords are ASCII, for which SASLprep is the identity.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
