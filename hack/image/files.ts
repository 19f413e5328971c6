import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { contentVersion } from '../machine/cache.ts';

/**
 * A version that follows from the names and content of files and of everything in folders, and from further words.
 * What is missing counts as missing.
 */
export async function treeVersion(paths: readonly string[], ...words: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  const names = files.map(({ base, file }) => relative(base, file));
  return contentVersion(
    files.map(({ file }) => file),
    ...names,
    ...words,
  );
}

async function filesOf(base: string): Promise<{ base: string; file: string }[]> {
  const found = await stat(base).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [{ base: join(base, '..'), file: base }];
  const entries = await readdir(base, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.sort().map((file) => ({ base, file }));
}
