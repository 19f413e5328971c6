import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withLock } from './lock.ts';

const unusedForMs = 14 * 24 * 60 * 60 * 1000;

/** Where everything expensive is kept, shared by all checkouts: `${XDG_CACHE_HOME:-~/.cache}/genai-platform`. */
export function cacheRoot(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'genai-platform');
}

/** The folder of one version of a thing, whether it is there or not. */
export function cachePath(thing: string, version: string): string {
  return join(cacheRoot(), thing, version);
}

/** Whether this version is there; what is there is complete. */
export function isCached(thing: string, version: string): boolean {
  return existsSync(cachePath(thing, version));
}

/** The versions of a thing that are there. */
export function cachedVersions(thing: string): string[] {
  const folder = join(cacheRoot(), thing);
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
}

/** What a build under the cache may say while it waits. */
export interface CacheOptions {
  readonly say?: (what: string) => void;
}

/**
 * Returns the folder of this version of a thing, after building it if it is not there. `build` fills an empty folder
 * that takes its place at once when it is done, so an interrupted build leaves nothing half made; only one process of
 * the machine builds at a time.
 */
export async function cached(
  thing: string,
  version: string,
  build: (directory: string) => Promise<void>,
  options: CacheOptions = {},
): Promise<string> {
  const path = cachePath(thing, version);
  if (existsSync(path)) return used(path);
  const onWait = (pid: string): void => options.say?.(`waiting for process ${pid}, which builds the same`);
  return withLock(
    path,
    async () => {
      if (existsSync(path)) return used(path);
      await removeUnfinished(dirname(path), version);
      // A name of its own: commands of a builder that was killed may still be writing into theirs.
      const unfinished = await mkdtemp(join(dirname(path), `.unfinished-${version}-`));
      await build(unfinished);
      await chmod(unfinished, 0o755); // A temporary folder is closed to others.
      await rename(unfinished, path);
      await removeUnused(dirname(path));
      return path;
    },
    onWait,
  );
}

/** A version that follows from the content of files and from further words, as 16 hexadecimal digits. */
export async function contentVersion(files: readonly string[], ...words: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = await readFile(file);
    hash.update(`${String(content.length)}\n`).update(content);
  }
  for (const word of words) hash.update(`${String(Buffer.byteLength(word))}\n`).update(word);
  return hash.digest('hex').slice(0, 16);
}

/** Marks the folder as used now. */
async function used(path: string): Promise<string> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined); // A read-only cache serves as well.
  return path;
}

/** Nobody builds this version now, so what is there was left by a builder that was killed. */
async function removeUnfinished(directory: string, version: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const left = (await readdir(directory)).filter((name) => name.startsWith(`.unfinished-${version}-`));
  for (const name of left) await rm(join(directory, name), { recursive: true, force: true });
}

/** Versions that no checkout has used for two weeks would pile up otherwise: an image is more than half a gigabyte. */
async function removeUnused(directory: string): Promise<void> {
  for (const version of await readdir(directory)) {
    const path = join(directory, version);
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (age > unusedForMs) await rm(path, { recursive: true, force: true });
  }
}
