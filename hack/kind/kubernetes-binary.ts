import { join } from 'node:path';
import { cached, contentVersion } from '../machine/cache.ts';
import { go, goArch, type GoOptions } from '../machine/go.ts';
import { versions } from './versions.ts';

const source = join(import.meta.dirname, 'kubernetes');
const modules = ['go.mod', 'go.sum'];

/** Without symbols the binary is two thirds of its size. */
const linkerFlags = [
  '-s',
  '-w',
  ...versionFlags('k8s.io/component-base/version'),
  ...versionFlags('k8s.io/client-go/pkg/version'),
];

/**
 * Returns the path of the binary that is every program of a cluster (etcd, kube-apiserver, kubelet, …) after building
 * it where it is not in the cache: about five minutes on two cores the first time on a machine.
 */
export async function ensureKubernetesBinary(options: GoOptions = {}): Promise<string> {
  const directory = await build('kubernetes', ['main.go', 'programs.go'], '.', options);
  return join(directory, 'kubernetes');
}

/** Returns the folder with the small programs that a node needs beside it: crictl, pause and podnet. */
export async function ensureNodePrograms(options: GoOptions = {}): Promise<string> {
  const programs = ['crictl', 'pause', 'podnet'];
  const sources = programs.map((name) => join(name, 'main.go'));
  return build('node-programs', sources, programs.map((name) => `./${name}`).join(' '), options);
}

/** Both are versions of their sources, so that work on a small program does not cost the large one again. */
async function build(thing: string, sources: string[], packages: string, options: GoOptions): Promise<string> {
  const files = [...modules, ...sources].map((name) => join(source, name));
  const version = `${versions.kubernetes}-${goArch}-${await contentVersion(files, ...linkerFlags)}`;
  const compile = async (directory: string): Promise<void> => {
    options.say?.(`compiling ${thing} from its Go modules, minutes the first time`);
    const flags = ['-trimpath', '-buildvcs=false', `-ldflags=${linkerFlags.join(' ')}`, '-o', `${directory}/`];
    await go(['build', ...flags, ...packages.split(' ')], { ...options, cwd: source });
  };
  return cached(thing, version, compile, options);
}

/** A binary that does not know its version is refused by kubeadm and tells clients `v0.0.0-master`. */
function versionFlags(name: string): string[] {
  const [major = '', minor = ''] = versions.kubernetes.slice(1).split('.');
  const values = { gitVersion: versions.kubernetes, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return Object.entries(values).map(([key, value]) => `-X ${name}.${key}=${value}`);
}
