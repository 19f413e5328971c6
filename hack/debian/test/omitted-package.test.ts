import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOmittedPackage } from '../omitted-package.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omitted-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a package stands for others in a version that satisfies any dependency, and contains nothing', async () => {
  const file = (await buildOmittedPackage(folder, ['libllvm19', 'perl'])) ?? '';
  const ask = (...args: string[]): string => execFileSync('dpkg-deb', args, { encoding: 'utf8' }).trim();
  expect(ask('--field', file, 'Provides')).toBe('libllvm19 (= 9999:1), perl (= 9999:1)');
  expect(ask('--contents', file).split('\n')).toHaveLength(1);
  const satisfies = (): string =>
    execFileSync('dpkg', ['--compare-versions', '9999:1', 'ge', '1:19.1.0'], { encoding: 'utf8' });
  expect(satisfies).not.toThrow();
});

test('nothing to omit needs no package', async () => {
  expect(await buildOmittedPackage(folder, [])).toBeUndefined();
});
