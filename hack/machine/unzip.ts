import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';

/** One file of an archive: where it goes, or nothing to leave it out. */
export type Placement = (name: string) => { readonly path: string; readonly executable: boolean } | undefined;

/** Unpacks a zip archive without the program `unzip`, which a bare machine lacks. Returns the number of files. */
export async function unzip(archive: string, directory: string, place: Placement): Promise<number> {
  const wanted = ({ name }: { name: string }): boolean => !name.endsWith('/') && place(name) !== undefined;
  const files = Object.entries(unzipSync(await readFile(archive), { filter: wanted }));
  for (const [name, content] of files) {
    const placed = place(name);
    if (placed === undefined) continue;
    const target = inside(directory, placed.path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
    // Separately, since the mode given at creation is subject to the umask.
    if (placed.executable) await chmod(target, 0o755);
  }
  return files.length;
}

function inside(directory: string, path: string): string {
  const target = normalize(join(directory, path));
  if (!target.startsWith(`${normalize(directory)}/`))
    throw new Error(`the archive holds a path outside of itself: ${path}`);
  return target;
}
