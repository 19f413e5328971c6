import { join } from 'node:path';
import { cached, contentVersion } from '../machine/cache.ts';
import { debianRelease, extractRootFileSystem, type RootFileSystemRecipe } from './root-file-system.ts';

/** A root file system in the cache. */
export interface CachedRoot {
  readonly root: string;
  /** Follows from the recipe and the code that carries it out. */
  readonly version: string;
}

/** What goes into it beside packages, and what that depends on. */
export interface Addition {
  readonly files: readonly string[];
  add(root: string): Promise<void>;
}

/** The root file system of a recipe, made on first use (10 s) and shared by all checkouts of this machine. */
export async function cachedRoot(
  name: string,
  recipe: RootFileSystemRecipe,
  say: (what: string) => void,
  addition?: Addition,
): Promise<CachedRoot> {
  const extractor = join(import.meta.dirname, 'root-file-system.ts');
  const files = [extractor, ...(addition?.files ?? [])];
  const version = await contentVersion(files, debianRelease, process.arch, JSON.stringify(recipe));
  const build = async (directory: string): Promise<void> => {
    say(`making a root file system for ${name} from Debian's packages`);
    await extractRootFileSystem(join(directory, 'root'), recipe, { say });
    await addition?.add(join(directory, 'root'));
  };
  return { root: join(await cached(`${name}-root`, version, build, { say }), 'root'), version };
}
