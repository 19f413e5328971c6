import { join } from 'node:path';
import { cached, contentVersion } from '../../machine/cache.ts';
import { exec } from '../../machine/exec.ts';
import { go, goArch, goInstall, type GoOptions } from '../../machine/go.ts';
import { ensurePackages } from '../../machine/packages.ts';
import { ensureKubernetesBinary, ensureNodePrograms } from '../kubernetes-binary.ts';
import { versions } from '../versions.ts';
import type { ComponentParts } from './component-images.ts';

/** Debian 12: its systemd 252 is the last that starts on a host with cgroup v1. */
export const nodeRelease = 'bookworm';

/** Left out of every package: nobody reads it in a container. */
export const leanPackages: readonly string[] = [
  '--aptopt=APT::Install-Recommends "false"',
  ...['doc', 'man', 'locale', 'info'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
];

/** What building of Debian's packages needs on the machine itself. */
const builderPackages = ['mmdebstrap', 'debian-archive-keyring'];

/** Builds, or takes from the cache, everything that the component images are made of. */
export async function ensureComponentParts(options: GoOptions = {}): Promise<ComponentParts> {
  // One after the other: each of them keeps all cores busy, and they share most of what they compile.
  const kubernetes = await ensureKubernetesBinary(options);
  const programs = await ensureNodePrograms(options);
  const metricsServer = await goInstall(
    'sigs.k8s.io/metrics-server/cmd/metrics-server',
    versions.metricsServer,
    options,
  );
  const provisioner = ['github.com/rancher/local-path-provisioner', versions.localPathProvisioner] as const;
  const localPathProvisioner = await goInstall(...provisioner, options);
  return { kubernetes, programs, metricsServer, localPathProvisioner, netfilter: await ensureNetfilterRoot(options) };
}

/** The root file system of the images that set network rules. */
async function ensureNetfilterRoot(options: GoOptions = {}): Promise<string> {
  const script = join(import.meta.dirname, 'netfilter-root.sh');
  const version = `${nodeRelease}-${goArch}-${await contentVersion([script, import.meta.filename])}`;
  const build = async (directory: string): Promise<void> => {
    await ensurePackages(builderPackages, options);
    options.say?.('extracting iptables from its packages');
    const root = join(directory, 'root');
    const include = '--include=iptables,busybox-static';
    await exec(
      'mmdebstrap',
      ['--variant=extract', '--mode=root', ...leanPackages, include, nodeRelease, root],
      options,
    );
    // Not as a hook: packages that are only extracted are not customized.
    await exec('bash', [script, root], options);
  };
  return join(await cached('netfilter-root', version, build, options), 'root');
}

/** The folder of kind's module in Go's module cache; it holds the files of kind's own base image. */
export async function kindBaseFiles(options: GoOptions = {}): Promise<string> {
  const module = `sigs.k8s.io/kind@${versions.kind}`;
  const answer = await go(['mod', 'download', '-json', module], { ...options, cwd: '/' });
  return join((JSON.parse(answer) as { Dir: string }).Dir, 'images/base/files');
}
