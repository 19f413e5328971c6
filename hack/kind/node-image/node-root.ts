import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { AdvisedError } from '../../machine/advice.ts';
import { cacheRoot, cached, cachedVersions, contentVersion } from '../../machine/cache.ts';
import { exec } from '../../machine/exec.ts';
import { goArch, type GoOptions } from '../../machine/go.ts';
import { versions } from '../versions.ts';
import { writeComponentImages, type ComponentParts } from './component-images.ts';
import { kindBaseFiles, leanPackages, nodeRelease } from './parts.ts';

/** What kind's base image installs, less what no test cluster uses (NFS, iSCSI, fuse), plus the container runtime. */
const nodePackages = [
  ...['systemd', 'containerd', 'runc', 'containernetworking-plugins', 'conntrack', 'iptables', 'nftables', 'iproute2'],
  ...['ethtool', 'util-linux', 'mount', 'kmod', 'procps', 'jq', 'bash', 'curl', 'ca-certificates', 'libseccomp2'],
];

/** A node's root file system with all images a cluster starts with, as a file that `docker import` reads. */
export interface NodeRoot {
  readonly archive: string;
  /** Follows from everything it is made of. */
  readonly version: string;
}

/** Builds the root file system of a kind node from Debian's packages and these parts, or takes it from the cache. */
export async function ensureNodeRoot(parts: ComponentParts, options: GoOptions = {}): Promise<NodeRoot> {
  const version = await nodeRootVersion(parts);
  const directory = await cached('node', version, (target) => build(parts, target, options), options);
  return { archive: join(directory, 'root.tar'), version };
}

/** Whether this machine has built one before, of whatever content: no registry was in reach then. */
export function hasBuiltNodeRoot(): boolean {
  return cachedVersions('node').some((version) => version.startsWith(`${versions.kubernetes}-`));
}

async function nodeRootVersion(parts: ComponentParts): Promise<string> {
  const own = ['node-root.ts', 'node-root.sh', 'component-images.ts', 'oci-archive.ts'];
  const manifests = ['default-cni.yaml', 'default-storage.yaml'].map((name) => join('../manifests', name));
  const files = [...own, ...manifests].map((name) => join(import.meta.dirname, name));
  // The path of each part inside the cache holds its version.
  const made = Object.values(parts).map((path: string) => relative(cacheRoot(), path));
  return `${versions.kubernetes}-${goArch}-${await contentVersion(files, versions.kind, ...made)}`;
}

async function build(parts: ComponentParts, directory: string, options: GoOptions): Promise<void> {
  const workspace = await mkdtemp(join(tmpdir(), 'genai-node-'));
  try {
    assertRoot();
    options.say?.('writing the images of the components');
    const images = join(workspace, 'images.tar');
    await writeComponentImages(parts, workspace, images);
    options.say?.(`making a root file system of ${nodeRelease}'s packages`);
    const settings = ['--variant=essential', '--mode=root', ...leanPackages, `--include=${nodePackages.join(',')}`];
    const hook = `--customize-hook=bash ${join(import.meta.dirname, 'node-root.sh')} "$1"`;
    await exec('mmdebstrap', [...settings, hook, nodeRelease, join(directory, 'root.tar')], {
      ...options,
      env: {
        LC_ALL: 'C.UTF-8',
        KIND_FILES: await kindBaseFiles(options),
        PROGRAMS: parts.programs,
        KUBERNETES: parts.kubernetes,
        IMAGES: images,
        MANIFESTS: join(import.meta.dirname, '../manifests'),
        VERSION: versions.kubernetes,
      },
    });
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

function assertRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new AdvisedError(
    'no registry can be reached for the published node image, and building one needs root',
    'Run the command as root, or where registry-1.docker.io can be reached.',
  );
}
