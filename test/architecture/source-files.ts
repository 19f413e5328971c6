import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root. */
export const ROOT: string = join(import.meta.dirname, '..', '..');

/** Paths from the root of all files that git tracks or would add. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT });
  return listed
    .toString()
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

/** The project's own TypeScript, without what a tool generated. */
export function typescriptFiles(): { path: string; text: string }[] {
  return repositoryFiles()
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !/\/(imports|generated)\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}
