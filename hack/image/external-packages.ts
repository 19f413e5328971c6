import { cp, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

interface PackageJson {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
}

/**
 * Copies packages that find their own files at run time, and what they depend on, from where npm put them. Optional
 * dependencies are left out: they are native speed-ups for other machines as often as for this one.
 */
export async function copyExternalPackages(
  workspace: string,
  names: readonly string[],
  directory: string,
): Promise<void> {
  const copied = new Set<string>();
  const pending = names.map((name) => ({ name, from: workspace }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const source = await findPackage(next.from, next.name);
    if (copied.has(source)) continue;
    copied.add(source);
    await cp(source, join(directory, 'node_modules', next.name), { recursive: true, dereference: true });
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
