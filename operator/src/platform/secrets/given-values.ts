import type { GivenSecret, WantedSecret } from '@genai-platform/cdk8s';
import { TerminalError } from '../../runtime/index.ts';
import type { SecretValues } from './secret-data.ts';

const KEY_BYTES = 32;
/** Printable in one line; what a database takes for a password. */
const PASSWORD = /^[^\p{Cc}]{8,512}$/u;
/** As the gateway knows an API key when it sees one. */
const API_KEY = /^gp_[A-Za-z0-9_-]{20,125}$/;

/**
 * The values that the user gives for a Secret of the platform, by the platform's keys and without the line end that files
 * have; undefined where all are generated.
 * @throws TerminalError `SecretInvalid`, which never quotes a value
 */
export function givenValues(
  { given }: Extract<WantedSecret, { kind: 'values' }>,
  secrets: Readonly<Record<string, SecretValues>>,
): SecretValues | undefined {
  if (!given) return undefined;
  const theirs = secrets[given.secret] ?? {};
  const values = Object.entries(given.keys).map(([key, their]): [string, string] => {
    const value = (theirs[their] ?? '').replace(/[\r\n]+$/, '');
    const wrong = given.change === 'overlapping' ? wrongKeys(value) : wrongText(key, value);
    if (wrong !== undefined) throw new TerminalError('SecretInvalid', `${nameOf(given, their)} ${wrong}`);
    return [key, value];
  });
  return Object.fromEntries(values);
}

function wrongText(key: string, value: string): string | undefined {
  if (key === 'api-key') return API_KEY.test(value) ? undefined : 'is no API key: "gp_" and 20 to 125 letters, digits, "-" or "_"'; // prettier-ignore
  return PASSWORD.test(value) ? undefined : 'is no password: 8 to 512 characters in one line';
}

function wrongKeys(value: string): string | undefined {
  const keys = keysIn(value);
  const isKey = (key: string): boolean => /^[A-Za-z0-9_-]+$/.test(key) && Buffer.from(key, 'base64url').length >= KEY_BYTES; // prettier-ignore
  return keys.length > 0 && keys.every(isKey)
    ? undefined
    : `is no list of keys: one per line, base64url of at least ${KEY_BYTES} bytes`;
}

/**
 * The value that the platform is to have: the given one where it may take the place of what is in use.
 * @throws TerminalError `SecretChangeRefused`, which says why and never quotes a value
 */
export function takeOver(given: GivenSecret, key: string, { found, value }: { found: string; value: string }): string {
  if (found === '' || found === value) return value;
  const what = nameOf(given, given.keys[key] ?? key);
  switch (given.change) {
    case 'taken':
      return value;
    case 'rotated':
      return found; // the rotation brings it about
    case 'overlapping':
      if (overlaps(keysIn(found), keysIn(value))) return value;
      throw new TerminalError(
        'SecretChangeRefused',
        `${what} cannot be taken over at once: it must hold the key in use, and begin with a key that is known already. ` +
          'Put the key in use first and the new one after it; once the platform is ready, swap them; then remove the old one',
      );
    case 'fixed':
      throw new TerminalError(
        'SecretChangeRefused',
        `${what} is not the password that the database was made with, which cannot change: put that one into it`,
      );
  }
}

/** Whether pods with the one list and pods with the other understand each other while they are replaced. */
function overlaps(before: readonly string[], after: readonly string[]): boolean {
  const [signedBefore = '', signedAfter = ''] = [before[0], after[0]];
  return after.includes(signedBefore) && before.includes(signedAfter);
}

function keysIn(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== ''); // prettier-ignore
}

function nameOf({ secret, field }: GivenSecret, key: string): string {
  return `key ${JSON.stringify(key)} of Secret ${secret} (${field})`;
}
