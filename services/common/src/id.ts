import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 10;
const RANDOM_BYTES = 10;

let lastMs = 0;
let lastRandom = 0n;

/**
 * A new id such as `note_01jv3s6w2n8xq5d0f7kz4m9ahc`: 48 bits of time and 80 random bits (the layout of a ULID), so
 * that ids sort by age, and within one process strictly.
 */
export function newId(prefix: string, nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // The highest bit stays free for counting up within a millisecond.
    lastRandom = BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`) >> 1n;
  } else {
    lastRandom += 1n;
  }
  return `${prefix}_${encode(BigInt(lastMs), TIME_DIGITS)}${encode(lastRandom, (RANDOM_BYTES * 8) / 5)}`;
}

function encode(value: bigint, digits: number): string {
  let text = '';
  for (let rest = value, left = digits; left > 0; left -= 1, rest >>= 5n) text = ALPHABET[Number(rest & 31n)] + text;
  return text;
}
