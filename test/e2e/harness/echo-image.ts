import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { docker } from '../../../hack/docker/client.ts';
import { defaultRegistry } from '../../../hack/image/build-images.ts';
import { loadImages } from '../../../hack/kind/load.ts';
import { checkoutRoot, describeCheckout } from '../../../hack/machine/checkout.ts';
import { cluster } from './cluster.ts';

/** What the platform's `images.overrides` says to run the echo service. */
export const echoImage = { repository: 'genai-platform-echo', tag: 'e2e' } as const;

const commonJsWorld =
  "import { createRequire as createRequireForBundle } from 'node:module';" +
  'const require = createRequireForBundle(import.meta.url);';

/** Builds the echo service on the gateway's image, which has everything but the program, and gives it to the nodes. */
export async function loadEchoImage(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'echo-image-'));
  try {
    await build({
      entryPoints: [join(import.meta.dirname, '../echo/main.ts')],
      outfile: join(folder, 'main.js'),
      absWorkingDir: checkoutRoot,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      conditions: ['@genai-platform/source'],
      banner: { js: commonJsWorld },
      logLevel: 'silent',
    });
    const base = `${defaultRegistry}/genai-platform-gateway:${cluster.version}`;
    await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\nCOPY --chown=65532:65532 main.js /app/main.js\n`);
    const name = `${echoImage.repository}:${echoImage.tag}`;
    await docker(['build', '--tag', name, folder], { env: { DOCKER_BUILDKIT: '0' } });
    const checkout = [describeCheckout('e2e'), describeCheckout()].find(({ kubeconfig }) => kubeconfig === cluster.kubeconfig); // prettier-ignore
    if (checkout === undefined) throw new Error(`${cluster.kubeconfig} is of no cluster of this checkout`);
    await loadImages(checkout, [name]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
