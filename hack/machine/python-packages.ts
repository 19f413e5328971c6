import { cached, contentVersion, type CacheOptions } from './cache.ts';
import { exec, succeeds } from './exec.ts';
import { ensurePackages, type PackageOptions } from './packages.ts';

const deadlineMs = 900_000;

/** A Python that finds the packages: a command, and what its environment has to have. */
export interface PythonWithPackages {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Installs the packages of a requirements file, which names all of them with versions, into a folder of the cache that
 * nothing else of the machine sees. @throws CommandError where there is no registry, AdvisedError where there is no Python
 */
export async function ensurePythonPackages(
  name: string,
  requirements: string,
  options: PackageOptions & CacheOptions = {},
): Promise<PythonWithPackages> {
  await ensurePip(options);
  const words = [
    '-c',
    'import sys, platform; print(sys.version_info[:2], sys.implementation.name, platform.machine())',
  ];
  const version = await contentVersion([requirements], await exec('python3', words));
  const build = async (directory: string): Promise<void> => {
    options.say?.(`installing ${name} from PyPI`);
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-cache-dir', '--no-compile'];
    const where = ['--target', directory, '--requirement', requirements];
    await exec('python3', [...pip, '--disable-pip-version-check', '--root-user-action=ignore', ...where], {
      deadlineMs,
    });
    // Done once here, so that the first start is as quick as all others. What is no Python of this version is left.
    await succeeds('python3', ['-m', 'compileall', '-q', directory], { deadlineMs });
  };
  const folder = await cached(`python-${name}`, version, build, options);
  // Neither the user's own packages nor a virtual environment's settings get in between.
  return { command: 'python3', env: { PYTHONPATH: folder, PYTHONNOUSERSITE: '1', PYTHONDONTWRITEBYTECODE: '1' } };
}

async function ensurePip(options: PackageOptions): Promise<void> {
  if (!(await succeeds('python3', ['-m', 'pip', '--version']))) await ensurePackages(['python3-pip'], options);
}
