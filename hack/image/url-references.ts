import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** A file or folder that a source file names as `new URL('<path>', import.meta.url)`. */
export interface UrlReference {
  /** What it names: an absolute path. */
  readonly target: string;
  /** Its place in the bundle, relative to the folder of main.js. */
  readonly place: string;
}

const pattern = /new URL\(\s*'(\.{1,2}\/[^']+)',\s*import\.meta\.url,?\s*\)/g;

/**
 * The files beside its code that a workspace uses at run time: programs of worker threads and folders such as
 * `migrations`. A bundler cannot see them, and in the bundle they lie elsewhere.
 */
export async function findUrlReferences(workspace: string): Promise<UrlReference[]> {
  const found = new Map<string, UrlReference>();
  for (const file of globSync('src/**/*.ts', { cwd: workspace })) {
    const path = join(workspace, file);
    for (const [, url = ''] of (await readFile(path, 'utf8')).matchAll(pattern)) {
      const target = join(dirname(path), url).replace(/\/$/, '');
      found.set(target, { target, place: placeOf(workspace, target) });
    }
  }
  return [...found.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** Source text in which those references name the places in the bundle. */
export function rewriteUrlReferences(workspace: string, file: string, text: string): string {
  return text.replace(pattern, (_whole, url: string) => {
    const target = join(dirname(file), url);
    return `new URL('./${placeOf(workspace, target)}', import.meta.url)`;
  });
}

/** Programs go beside main.js (`src/domain/convert-worker.ts` becomes `convert-worker.js`); folders keep their path. */
function placeOf(workspace: string, target: string): string {
  const path = relative(workspace, target).replace(/^src\//, '');
  if (path.startsWith('..')) throw new Error(`${target} lies outside of ${workspace}: an image contains one workspace`);
  return path.endsWith('.ts') ? basename(path).replace(/\.ts$/, '.js') : path;
}
