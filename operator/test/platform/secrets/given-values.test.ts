import { randomBytes } from 'node:crypto';
import type { GivenChange, WantedSecret } from '@genai-platform/cdk8s';
import fc from 'fast-check';
import { givenValues, takeOver } from '../../../src/platform/secrets/given-values.ts';

type Wanted = Extract<WantedSecret, { kind: 'values' }>;
const given = (change: GivenChange, keys: Readonly<Record<string, string>>) => ({ secret: 'mine', keys, field: 'spec.secrets.x.secretRef', change }); // prettier-ignore
const wanted = (change: GivenChange, own: string): Wanted => ({ kind: 'values', name: 'acme-x', values: {}, given: given(change, { [own]: 'theirs' }) }); // prettier-ignore
const newKey = (): string => randomBytes(32).toString('base64url');

test('a value is taken from the key that is named, without the line end that files have', () => {
  const values = givenValues(wanted('rotated', 'password'), { mine: { theirs: 'pass word \r\n', other: 'x' } });
  expect(values).toEqual({ password: 'pass word ' });
});

test('nothing is given where all is generated', () => {
  expect(givenValues({ kind: 'values', name: 'acme-x', values: {} }, { mine: { theirs: 'x' } })).toBeUndefined();
});

test.each([
  ['a short password', 'taken', 'password', 'seven77'],
  ['a password of two lines', 'rotated', 'password', 'one line\nanother'],
  ['a password with a character that no terminal shows', 'fixed', 'password', 'password\u0000'],
  ['an API key that the gateway would not know as one', 'taken', 'api-key', 'sk_'.padEnd(40, 'x')],
  ['a key of 31 bytes', 'overlapping', 'key', randomBytes(31).toString('base64url')],
  ['a key that is no base64url', 'overlapping', 'key', '!'.repeat(64)],
  ['a second line that is no key', 'overlapping', 'key', `${newKey()}\nx`],
] as const)('%s is refused, and not quoted', (_what, change, own, value) => {
  const attempt = (): unknown => givenValues(wanted(change, own), { mine: { theirs: value } });
  expect(attempt).toThrow(/^key "theirs" of Secret mine \(spec\.secrets\.x\.secretRef\) is no /);
  expect(attempt).not.toThrow(value);
});

test('pods with the keys of before and pods with those of after always understand each other', () => {
  const keys = fc.uniqueArray(fc.constantFrom(...Array.from({ length: 4 }, newKey)), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(keys, keys, (before, after) => {
      const take = (): string => takeOver(given('overlapping', { key: 'k' }), 'key', { found: before.join('\n'), value: after.join('\n') }); // prettier-ignore
      const isSafe = after.includes(before[0] ?? '') && before.includes(after[0] ?? '');
      if (isSafe) expect(take()).toBe(after.join('\n'));
      else expect(take).toThrow('cannot be taken over at once');
    }),
  );
});

test('what becomes of another value depends on what it opens', () => {
  const take = (change: GivenChange, found: string): string => takeOver(given(change, { password: 'p' }), 'password', { found, value: 'new password' }); // prettier-ignore
  expect(take('taken', 'old password')).toBe('new password');
  expect(take('rotated', 'old password')).toBe('old password');
  expect(() => take('fixed', 'old password')).toThrow('is not the password that the database was made with');
  for (const change of ['taken', 'rotated', 'fixed'] as const) {
    expect(take(change, '')).toBe('new password');
    expect(take(change, 'new password')).toBe('new password');
  }
});
