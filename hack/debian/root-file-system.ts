import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exec } from '../machine/exec.ts';
import { ensurePackages, type PackageOptions } from '../machine/packages.ts';
import { buildOmittedPackage } from './omitted-package.ts';

/** A user of the root file system; its group has the same name and number. */
export interface RootFileSystemUser {
  readonly name: string;
  readonly id: number;
  readonly home: string;
}

/** What a root file system of Debian packages is made of. */
export interface RootFileSystemRecipe {
  readonly packages: readonly string[];
  /** Dependencies that are not wanted (compilers, tools of maintainer scripts), as `name` or `name=version`. */
  readonly omit?: readonly string[];
  /** Globs of paths to leave out; `*` matches slashes too. */
  readonly exclude?: readonly string[];
  readonly users?: readonly RootFileSystemUser[];
}

/** Debian's release, whose PostgreSQL is 17 and whose Valkey is 8. */
export const debianRelease = 'trixie';

/** What no server reads: documentation, translations and the tools of an administrator. */
const neverWanted = [
  '/usr/share/doc/*',
  '/usr/share/man/*',
  '/usr/share/locale/*',
  '/usr/share/lintian/*',
  '/usr/share/bash-completion/*',
  '/usr/share/perl5/*',
  '/usr/lib/*/gconv/*',
  '/usr/bin/debconf*',
  '/etc/apt/*',
  '/etc/pam.d/*',
  // Programs with the setuid bit have no place in an image that runs as one user.
  '/usr/bin/su',
  '/usr/sbin/*',
];

/**
 * Extracts Debian packages with their dependencies into `directory`. No maintainer script runs, so the result depends
 * on the packages alone, and no package manager is in it. Needs root. Takes 6-12 s and a 10-50 MB download.
 */
export async function extractRootFileSystem(
  directory: string,
  recipe: RootFileSystemRecipe,
  options: PackageOptions = {},
): Promise<void> {
  await ensurePackages(['mmdebstrap', 'debian-archive-keyring'], options);
  const workspace = await mkdtemp(join(tmpdir(), 'genai-packages-'));
  try {
    const omitted = await buildOmittedPackage(workspace, recipe.omit ?? []);
    await exec('mmdebstrap', [...mmdebstrapOptions(recipe, omitted), debianRelease, directory], {
      env: { LC_ALL: 'C.UTF-8' },
      ...(options.log === undefined ? {} : { log: options.log }),
    });
    await finish(directory, recipe.users ?? []);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

function mmdebstrapOptions(recipe: RootFileSystemRecipe, omitted: string | undefined): string[] {
  const excludes = [...neverWanted, ...(recipe.exclude ?? [])];
  return [
    '--variant=extract',
    '--mode=root',
    '--aptopt=APT::Install-Recommends "false"',
    ...excludes.map((glob) => `--dpkgopt=path-exclude=${glob}`),
    `--include=${recipe.packages.join(',')}`,
    ...(omitted === undefined ? [] : [`--include=${omitted}`, `--setup-hook=${copyHook(omitted)}`]),
  ];
}

/** apt looks for a package file by the same path inside the target and outside. */
function copyHook(file: string): string {
  return `mkdir -p "$1${dirname(file)}" && cp ${file} "$1${file}"`;
}

/** What maintainer scripts would have done, as far as a server depends on it. */
async function finish(directory: string, users: readonly RootFileSystemUser[]): Promise<void> {
  await chmod(directory, 0o755);
  await rm(join(directory, 'var/run'), { recursive: true, force: true });
  await symlink('/run', join(directory, 'var/run'));
  await writeFile(join(directory, 'etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  await writeUsers(directory, users);
}

async function writeUsers(directory: string, users: readonly RootFileSystemUser[]): Promise<void> {
  const everyone = [
    { name: 'root', id: 0, home: '/root' },
    ...users,
    { name: 'nobody', id: 65534, home: '/nonexistent' },
  ];
  const passwd = everyone.map(
    ({ name, id, home }) => `${name}:x:${String(id)}:${String(id)}::${home}:/usr/sbin/nologin\n`,
  );
  const group = everyone.map(({ name, id }) => `${name}:x:${String(id)}:\n`);
  await writeFile(join(directory, 'etc/passwd'), passwd.join(''));
  await writeFile(join(directory, 'etc/group'), group.join(''));
}
