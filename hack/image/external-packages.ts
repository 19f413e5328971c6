import { cp, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

interface PackageJson {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

/** Folders of binaries for other machines than this one, such as `bin/napi-v6/win32/x64`. */
const platforms: ReadonlySet<string> = new Set(['darwin', 'win32', 'linux', 'x64', 'arm64', 'ia32']);
const ours: ReadonlySet<string> = new Set([process.platform, process.arch]);

/**
 * Copies packages that find their own files at run time, and what they depend on, from where npm put them. Their optional
 * dependencies are left out: they are native speed-ups for other machines as often as for this one. Of those that the
 * workspace itself calls optional, npm has installed the ones for this machine; binaries for others stay behind, as do
 * source maps.
 */
export async function copyExternalPackages(
  workspace: string,
  names: readonly string[],
  directory: string,
): Promise<void> {
  const copied = new Set<string>();
  const manifest = JSON.parse(await readFile(join(workspace, 'package.json'), 'utf8')) as PackageJson;
  const isOptional = (name: string): boolean => name in (manifest.optionalDependencies ?? {});
  const pending = names.map((name) => ({ name, from: workspace }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const source = await findPackage(next.from, next.name).catch((error: unknown) => {
      if (next.from === workspace && isOptional(next.name)) return undefined;
      throw error;
    });
    if (source === undefined) continue;
    if (copied.has(source)) continue;
    copied.add(source);
    const filter = (path: string): boolean => !path.endsWith('.map') && isForThisMachine(relative(source, path));
    await cp(source, join(directory, 'node_modules', next.name), { recursive: true, dereference: true, filter });
    const { dependencies = {} } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as PackageJson;
    pending.push(...Object.keys(dependencies).map((name) => ({ name, from: source })));
  }
}

/** The nearest `node_modules` that has it, as Node.js looks for it. */
async function findPackage(from: string, name: string): Promise<string> {
  const candidate = join(from, 'node_modules', name);
  if (await stat(candidate).catch(() => undefined)) return candidate;
  if (dirname(from) === from) throw new Error(`The package ${name} is not installed: run npm ci`);
  return findPackage(dirname(from), name);
}

/** Of a path inside of a package. */
function isForThisMachine(path: string): boolean {
  const [top, ...rest] = path.split('/');
  return top !== 'bin' || rest.every((folder) => !platforms.has(folder) || ours.has(folder));
}
