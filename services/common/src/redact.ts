const SECRET_KEYS = new Set([
  ...['authorization', 'proxyauthorization', 'cookie', 'setcookie', 'password', 'passwd', 'secret', 'token', 'jwt'],
  ...['apikey', 'xapikey', 'accesstoken', 'refreshtoken', 'idtoken', 'clientsecret', 'privatekey', 'credentials'],
  ...['signingkey', 'identitykey', 'connectionstring', 'databaseurl', 'webhooksecret'],
]);
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
const MASK = '[redacted]';

/** Strings that are secrets wherever they stand: bearer tokens, JWTs, our API keys, PEM keys, passwords in URLs. */
const SECRET_TEXT =
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|\bgp_[\w-]{20,}|\bwhsec_[\w+/=-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----|(?<=\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g;

/**
 * Makes the fields of a log line safe: values under secret names and secrets inside texts are masked, personal data
 * (everything under a `pii` key) is masked unless enabled, errors become plain objects, depth and breadth are bounded.
 */
export function redactFields(fields: object, revealPii: boolean): Record<string, unknown> {
  return walkObject(fields, revealPii, 0);
}

/** Masks the secrets inside a text, such as an error's message. */
export function redactText(text: string): string {
  return text.replace(SECRET_TEXT, MASK);
}

function walkObject(fields: object, revealPii: boolean, depth: number): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  let left = MAX_ITEMS;
  for (const key in fields) {
    if (left-- === 0) break;
    const value = (fields as Record<string, unknown>)[key];
    if (isSecret(key, value)) safe[key] = MASK;
    else if (key === 'pii' && !revealPii) safe[key] = maskLeaves(value);
    else safe[key] = walk(value, revealPii, depth + 1);
  }
  return safe;
}

function walk(value: unknown, revealPii: boolean, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return walkScalar(value);
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return walkError(value, revealPii, depth);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => walk(item, revealPii, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return hasJsonForm(value) ? walk(value.toJSON(), revealPii, depth + 1) : walkObject(value, revealPii, depth);
}

function walkScalar(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  return typeof value === 'bigint' ? value.toString() : value;
}

function hasJsonForm(value: object): value is { toJSON: () => unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function walkError(error: Error, revealPii: boolean, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    // Drivers put what matters (code, detail, hint, syscall, address) into own enumerable properties.
    ...walkObject(error, revealPii, depth),
    ...(error.cause === undefined ? {} : { cause: walk(error.cause, revealPii, depth + 1) }),
  };
}

/** A number or a boolean is never a secret: `token: 512` counts tokens. */
function isSecret(key: string, value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null) return false;
  return SECRET_KEYS.has(key) || SECRET_KEYS.has(key.toLowerCase().replace(/[-_]/g, ''));
}

function maskLeaves(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return MASK;
  return Object.fromEntries(Object.keys(value).map((key) => [key, MASK]));
}
