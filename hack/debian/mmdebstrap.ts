import { AdvisedError } from '../machine/advice.ts';
import { exec, succeeds } from '../machine/exec.ts';
import { withLock } from '../machine/lock.ts';

/** Makes sure that `mmdebstrap` can be run, by installing the distribution's package where it is missing. */
export async function ensureMmdebstrap(): Promise<void> {
  if (await succeeds('mmdebstrap', ['--version'])) return;
  if (process.getuid?.() !== 0 || !(await succeeds('apt-get', ['--version']))) {
    throw new AdvisedError(
      'mmdebstrap is needed to make a root file system of Debian packages and was not found',
      'On Debian or Ubuntu run the command again as root, which installs it, or install the package `mmdebstrap`.',
    );
  }
  await withLock('apt-get', async () => {
    if (await succeeds('mmdebstrap', ['--version'])) return;
    console.error('Installing the packages mmdebstrap and debian-archive-keyring with apt-get ...');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await exec('apt-get', ['update', '-q'], { env });
    const packages = ['mmdebstrap', 'debian-archive-keyring'];
    await exec('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], { env });
  });
}
