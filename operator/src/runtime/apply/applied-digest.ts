import { hash } from 'node:crypto';
import type { DesiredObject } from '../step.ts';

/**
 * A digest of everything that is wanted of an object, kept in an annotation of the object. It tells what the fields
 * alone cannot: that something is no longer wanted, and whether a difference is our change or somebody's edit. The values
 * of a Secret stay out of it, because annotations are shown to more people than Secrets are.
 */
export function appliedDigest(wanted: DesiredObject): string {
  const text = canonicalJson(wanted.kind === 'Secret' ? withoutValues(wanted) : wanted);
  // 132 bits: enough that no two things ever wanted of an object share a digest.
  return hash('sha256', text, 'base64url').slice(0, 22);
}

/**
 * JSON with sorted keys: the order in which a renderer happens to build an object is no change. Written out, because it is
 * the costliest part of a look at an object (JSON.stringify with a sorting replacer takes five times as long).
 */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '{';
  for (const name of Object.keys(fields).sort()) {
    const field = fields[name];
    if (field === undefined) continue;
    text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(field)}`;
  }
  return `${text}}`;
}

function withoutValues(secret: DesiredObject): unknown {
  const { data, ...rest } = secret as DesiredObject & { readonly data?: Readonly<Record<string, string>> };
  return { ...rest, data: Object.keys(data ?? {}).sort() };
}
