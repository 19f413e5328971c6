import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../machine/exec.ts';

/**
 * Builds an empty Debian package that satisfies dependencies in the place of real packages, and returns its file.
 * Without it PostgreSQL brings LLVM (130 MB, for a JIT that is switched off) and Perl (60 MB, for maintainer scripts).
 */
export async function buildOmittedPackage(directory: string, names: readonly string[]): Promise<string | undefined> {
  if (names.length === 0) return undefined;
  const content = join(directory, 'omitted');
  const file = join(directory, 'omitted.deb');
  await mkdir(join(content, 'DEBIAN'), { recursive: true });
  await writeFile(join(content, 'DEBIAN/control'), control(names));
  await exec('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', content, file]);
  return file;
}

/** The version 9999 satisfies every `>=`. */
function control(names: readonly string[]): string {
  return [
    'Package: genai-platform-omitted',
    'Version: 1',
    'Architecture: all',
    'Maintainer: genai-platform <genai-platform@example.invalid>',
    `Provides: ${names.map((name) => `${name} (= 9999:1)`).join(', ')}`,
    'Description: stands for packages that are not needed at run time',
    '',
  ].join('\n');
}
