import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KubernetesObject } from '@genai-platform/cdk8s';
import { containerOf, volumeFiles, type Pod } from './pod.ts';

/** Where the folders that a pod mounts are on this machine. */
export class Mounts {
  /** Mount path → folder. */
  readonly #folders: ReadonlyMap<string, string>;
  readonly #anyPath: RegExp;

  constructor(folders: ReadonlyMap<string, string>) {
    this.#folders = folders;
    // The longest path first, so that a mount inside a mount is found. Only whole names: /tmp does not begin /tmpfiles.
    const paths = [...folders.keys()].sort((a, b) => b.length - a.length).map(escaped);
    this.#anyPath = new RegExp(`(?<![\\w./-])(?:${paths.join('|')})(?![\\w.-])`, 'g');
  }

  /** The text with every mounted path in it replaced by the path on this machine. */
  localise(text: string): string {
    return text.replace(this.#anyPath, (path) => this.#folders.get(path) ?? path);
  }
}

/** Who may read the files: a server that runs as its own user. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Writes the Secrets and ConfigMaps that a pod mounts as files below `directory`; other volumes become empty folders
 * there. `seenAs` is how the program sees that directory.
 */
export async function writeMounts(
  pod: Pod,
  objects: readonly KubernetesObject[],
  directory: string,
  { seenAs = directory, owner }: { seenAs?: string; owner?: Owner } = {},
): Promise<Mounts> {
  const folders = new Map<string, string>();
  for (const { name, mountPath } of containerOf(pod).volumeMounts ?? []) {
    const folder = join(directory, mountPath);
    const files = filesOf(pod, name, objects);
    if (files !== undefined) await rm(folder, { recursive: true, force: true });
    await makeFolder(folder, directory, owner);
    for (const [file, content] of files ?? []) await writeOwned(join(folder, file), content, owner);
    for (const path of namedPaths(mountPath)) folders.set(path, join(seenAs, path));
  }
  return new Mounts(folders);
}

/** What is in the volume of this name; undefined where it is an empty folder. */
function filesOf(pod: Pod, name: string, objects: readonly KubernetesObject[]): ReturnType<typeof volumeFiles> {
  const volume = pod.volumes?.find((candidate) => candidate.name === name);
  return volume === undefined ? undefined : volumeFiles(volume, objects);
}

/** A program may also be given the folder that several mounts are in; `/var/run` and the like are the machine's. */
function namedPaths(mountPath: string): string[] {
  const parent = dirname(mountPath);
  return parent.split('/').length > 3 ? [parent, mountPath] : [mountPath];
}

async function makeFolder(folder: string, top: string, owner: Owner | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let path = folder; owner !== undefined && path.length >= top.length; path = dirname(path)) {
    await chown(path, owner.uid, owner.gid);
  }
}

async function writeOwned(file: string, content: string, owner: Owner | undefined): Promise<void> {
  await writeFile(file, content, { mode: 0o600 });
  if (owner !== undefined) await chown(file, owner.uid, owner.gid);
}

function escaped(path: string): string {
  return path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
