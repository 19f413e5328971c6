import { AdvisedError } from './advice.ts';
import { exec, succeeds } from './exec.ts';
import { withLock } from './lock.ts';

/** How an installation announces itself, and where it logs. */
export interface PackageOptions {
  /** Told what is being done. */
  readonly say?: (what: string) => void;
  /** Told what will be changed on the machine, before it is. */
  readonly announce?: (what: string) => void;
  readonly log?: string;
  readonly signal?: AbortSignal;
}

const environment = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };

/** Installs those of these packages that are missing, where that is possible; otherwise says what to install. */
export async function ensurePackages(names: readonly string[], options: PackageOptions = {}): Promise<void> {
  if ((await missingPackages(names)).length === 0) return;
  await withLock('apt-get', async () => {
    const missing = await missingPackages(names); // Another process may have installed them meanwhile.
    if (missing.length === 0) return;
    await assertInstallable(missing);
    options.announce?.(`installs packages of the distribution: ${missing.join(', ')}`);
    options.say?.('installing packages');
    const { log, signal } = options;
    const apt = { env: environment, ...(log !== undefined && { log }), ...(signal && { signal }) };
    // An installation that was interrupted earlier blocks every further one until it is finished.
    await exec('dpkg', ['--configure', '-a', '--force-confold'], apt);
    await exec('apt-get', ['update', '-q'], apt);
    // Somebody else's apt-get may be at work; it is waited for.
    const settings = ['-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
    await exec('apt-get', ['install', ...settings, ...missing], apt);
  });
}

async function missingPackages(names: readonly string[]): Promise<string[]> {
  const installed = await Promise.all(names.map(isInstalled));
  return names.filter((_, index) => installed[index] !== true);
}

async function isInstalled(name: string): Promise<boolean> {
  const status = await exec('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]).catch(() => '');
  return status === 'installed';
}

async function assertInstallable(missing: readonly string[]): Promise<void> {
  const list = missing.join(' ');
  if (!(await succeeds('apt-get', ['--version']))) {
    throw new AdvisedError(
      `needed and not installed: ${list}`,
      'They are packages of Debian and Ubuntu; on another system install what corresponds to them.',
    );
  }
  if (process.getuid?.() === 0) return;
  throw new AdvisedError(`needed and not installed: ${list}`, `Run: sudo apt-get install ${list}`);
}
