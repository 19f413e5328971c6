import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from '../../machine/checkout.ts';
import { mutants, patched } from '../mutants.ts';

const patches = mutants.flatMap(({ name, patches: all }) => all.map((patch) => ({ name, ...patch })));

test.each(patches)('the place in $file that mutant $name changes is still there, once', (patch) => {
  const text = readFileSync(join(checkoutRoot, patch.file), 'utf8');
  expect(patched(text, patch)).not.toBe(text);
});

test('a patch whose place is gone is an error', () => {
  expect(() => patched('nothing of it', { file: 'a.ts', find: 'gone', replace: '' })).toThrow('does not hold once');
});
