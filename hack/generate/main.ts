import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generators } from './generators.ts';

/** `npm run generate` writes what is generated; with `--check` it only says what is stale, and fails. */
const root = join(import.meta.dirname, '..', '..');
const isCheck = process.argv.includes('--check');

async function isStale(path: string, wanted: string): Promise<boolean> {
  const found = await readFile(join(root, path), 'utf8').catch(() => undefined);
  return found !== wanted;
}

const stale: string[] = [];
for (const { path, generate } of generators) {
  const wanted = await generate();
  if (!(await isStale(path, wanted))) continue;
  stale.push(path);
  if (!isCheck) await writeFile(join(root, path), wanted);
}

if (isCheck && stale.length > 0) {
  console.error(
    `These generated files are stale:\n${stale.map((path) => `  ${path}`).join('\n')}\nRun: npm run generate`,
  );
  process.exitCode = 1;
} else {
  const verb = isCheck ? 'are fresh' : `are fresh, ${stale.length} written`;
  console.log(`${generators.length} generated files ${verb}`);
}
