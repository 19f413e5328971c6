import { createHash, createHmac } from 'node:crypto';

/** JSON with the keys of every object in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

/** A copy with the keys of every object in order and without `undefined`. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, field]) => [key, sortKeys(field)]));
}

/** The first `length` hexadecimal digits of the SHA-256 of a value. */
export function digest(value: unknown, length: number): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, length);
}

/**
 * A digest that tells nothing about the value to those without the key: annotations are readable by more people than
 * Secrets are, and a short password could be guessed from a plain digest.
 */
export function keyedDigest(key: string, value: unknown): string {
  return createHmac('sha256', key).update(canonicalJson(value)).digest('hex').slice(0, 32);
}

/** SHA-256 of a text in hexadecimal. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
