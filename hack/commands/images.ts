import { parseArgs } from 'node:util';
import { ensureEngine } from '../docker/engine.ts';
import { buildImages, defaultRegistry, type BuiltImage } from '../image/build-images.ts';
import { operatorHelmFlags, platformImagesYaml, pushImages } from '../image/push-images.ts';
import { imageRecipes } from '../image/recipes.ts';
import { describeCheckout } from '../machine/checkout.ts';
import { platformVersion } from '../machine/version.ts';
import { runCommand } from '../progress/command.ts';

const usage = `Usage: hack/images [--push REGISTRY] [--tag TAG] [NAME ...]

Builds the platform's images (all of them, or those named); what has not changed is not built again.
  --push REGISTRY   pushes them to REGISTRY and prints the digests for a GenAIPlatform
  --tag TAG         instead of the platform's version
Names: ${imageRecipes()
  .map(({ name }) => name.replace('genai-platform-', ''))
  .join(', ')}`;

const megabyte = 1_000_000;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { push: { type: 'string' }, tag: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(usage);
    return;
  }
  const { clusterName, root } = describeCheckout();
  await ensureEngine({ cluster: clusterName, root }, { say: console.error });
  const registry = values.push?.replace(/\/$/, '') ?? defaultRegistry;
  const images = await buildImages(positionals, { tag: values.tag ?? platformVersion(), registry });
  printTable(images);
  if (values.push !== undefined) await pushAll(registry, images);
});

function printTable(images: readonly BuiltImage[]): void {
  const width = Math.max(...images.map(({ reference }) => reference.length));
  for (const { reference, sizeBytes, built } of images) {
    const size = `${(sizeBytes / megabyte).toFixed(0)} MB`.padStart(7);
    console.log(`${reference.padEnd(width)}  ${size}  ${built ? 'built' : 'unchanged'}`);
  }
}

async function pushAll(registry: string, images: readonly BuiltImage[]): Promise<void> {
  const pushed = await pushImages(images, console.error);
  const flags = operatorHelmFlags(pushed);
  console.log(`\n# For a GenAIPlatform:\n${platformImagesYaml(registry, pushed)}`);
  if (flags !== undefined)
    console.log(`# For the operator: helm upgrade --install genai-operator charts/genai-operator ${flags}`);
}
