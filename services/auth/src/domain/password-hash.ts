import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

const derive: (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer> = promisify(argon2);

/** Cost of argon2id (RFC 9106; OWASP's smallest is 19 MiB, 2, 1). */
interface Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
}

const COST: Cost = { memoryKib: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Runs on Node's own threads (OpenSSL), never on the event loop. @returns a PHC string */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await digest(password, salt, COST, HASH_BYTES);
  const { memoryKib, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** Whether the password is the one of a PHC string. A string of another kind fits nothing. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', wanted = ''] = PHC.exec(phc) ?? [];
  if (memory === undefined) return false;
  const cost: Cost = { memoryKib: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const expected = Buffer.from(wanted, 'base64');
  return timingSafeEqual(await digest(password, Buffer.from(salt, 'base64'), cost, expected.length), expected);
}

/** Whether a hash was made at a lower cost than today's, and should be made anew when the password is at hand. */
export function isOutdated(phc: string): boolean {
  const [, memory, passes] = PHC.exec(phc) ?? [];
  return Number(memory) < COST.memoryKib || Number(passes) < COST.passes;
}

function digest(password: string, nonce: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  // The same text in whatever form a keyboard composes it (NIST SP 800-63B section 5.1.1.2).
  const message = Buffer.from(password.normalize('NFKC'));
  return derive('argon2id', {
    message,
    nonce,
    tagLength,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.parallelism,
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
