import { join } from 'node:path';
import { debianRelease, extractRootFileSystem, type RootFileSystemRecipe } from '../debian/root-file-system.ts';
import { cached, contentVersion } from '../machine/cache.ts';
import { postgresRecipe, valkeyRecipe } from './recipes.ts';

/** The root file systems of the two servers, for tests and development; the images are made of the same. */
export async function databaseRoots(say?: (what: string) => void): Promise<{ postgres: string; valkey: string }> {
  const [postgres, valkey] = await Promise.all([
    rootOf('postgres', postgresRecipe, say),
    rootOf('valkey', valkeyRecipe, say),
  ]);
  return { postgres, valkey };
}

async function rootOf(name: string, recipe: RootFileSystemRecipe, say?: (what: string) => void): Promise<string> {
  const extractor = join(import.meta.dirname, '../debian/root-file-system.ts');
  const version = await contentVersion([extractor], debianRelease, JSON.stringify(recipe));
  const build = async (directory: string): Promise<void> => {
    say?.(`Making a root file system with ${name} from Debian's packages ...`);
    await extractRootFileSystem(join(directory, 'root'), recipe);
  };
  return join(await cached(`${name}-root`, version, build, say === undefined ? {} : { say }), 'root');
}
