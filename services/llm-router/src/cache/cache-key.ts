import { createHash } from 'node:crypto';

/** What says nothing about the answer: how it is sent, who asks. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'stream',
  'stream_options',
  'user',
  'metadata',
  'store',
  'safety_identifier',
]);

/** A digest of a request, whatever the order of its keys. */
export function cacheKey(operation: string, request: Readonly<Record<string, unknown>>): string {
  const told = Object.fromEntries(
    Object.entries(request).filter(([key, value]) => !LEFT_OUT.has(key) && value !== null),
  );
  return createHash('sha256')
    .update(`${operation}\n${canonical(told)}`)
    .digest('base64url');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}
