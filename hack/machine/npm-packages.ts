import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, contentVersion, type CacheOptions } from './cache.ts';
import { exec } from './exec.ts';

const deadlineMs = 300_000;

/**
 * Installs what a folder's `package.json` and `package-lock.json` name into the cache, and returns the folder with its
 * `node_modules`. No script of a package runs. @throws CommandError where the registry cannot be reached
 */
export async function ensureNpmPackages(name: string, folder: string, options: CacheOptions = {}): Promise<string> {
  const files = ['package.json', 'package-lock.json'].map((file) => join(folder, file));
  const build = async (directory: string): Promise<void> => {
    options.say?.(`installing ${name} from npm`);
    for (const file of files) await copyFile(file, join(directory, file.slice(folder.length + 1)));
    await exec('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: directory, deadlineMs });
  };
  return cached(`npm-${name}`, await contentVersion(files), build, options);
}
