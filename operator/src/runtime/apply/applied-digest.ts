import { createHash } from 'node:crypto';
import type { DesiredObject } from '../step.ts';

/**
 * A digest of everything that is wanted of an object, kept in an annotation of the object. It tells what the fields
 * alone cannot: that something is no longer wanted, and whether a difference is our change or somebody's edit. The values
 * of a Secret stay out of it, because annotations are shown to more people than Secrets are.
 */
export function appliedDigest(wanted: DesiredObject): string {
  const hash = createHash('sha256').update(canonicalJson(wanted.kind === 'Secret' ? withoutValues(wanted) : wanted));
  return hash.digest('base64url').slice(0, 22);
}

/** JSON with sorted keys: the order in which a renderer happens to build an object is no change. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (isRecord(item) ? sorted(item) : item));
}

function sorted(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutValues(secret: DesiredObject): unknown {
  const { data, ...rest } = secret as DesiredObject & { readonly data?: Readonly<Record<string, string>> };
  return { ...rest, data: Object.keys(data ?? {}).sort() };
}
