import { docker } from '../docker/client.ts';
import { AdvisedError } from '../machine/advice.ts';
import type { BuiltImage } from './build-images.ts';

/** An image in a registry. */
export interface PushedImage {
  readonly name: string;
  readonly registry: string;
  /** `sha256:…` of the manifest, by which a cluster can pull exactly this image. */
  readonly digest: string;
}

/** Pushes images under their reference, one after the other: the shared layers go over the wire once. */
export async function pushImages(images: readonly BuiltImage[], say: (what: string) => void): Promise<PushedImage[]> {
  const pushed: PushedImage[] = [];
  for (const { name, reference } of images) {
    say(`pushing ${reference}`);
    pushed.push({ name, registry: reference.slice(0, reference.lastIndexOf('/')), digest: await push(reference) });
  }
  return pushed;
}

async function push(reference: string): Promise<string> {
  const output = await docker(['push', reference]).catch((error: unknown) => {
    const registry = reference.split('/')[0] ?? '';
    throw new AdvisedError(
      `${reference} could not be pushed: ${String(error)}`,
      `Is \`docker login ${registry}\` done?`,
    );
  });
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(output)?.[1];
  if (digest === undefined) throw new Error(`docker push ${reference} printed no digest:\n${output}`);
  return digest;
}

/** What a GenAIPlatform has to say to use exactly these images, as YAML. The operator's own image is Helm's business. */
export function platformImagesYaml(registry: string, pushed: readonly PushedImage[]): string {
  const overrides = pushed
    .filter(({ name }) => name !== operatorImage)
    .map(({ name, digest }) => `      ${fieldName(name)}: { digest: ${digest} }\n`);
  return `spec:\n  images:\n    registry: ${registry}\n    overrides:\n${overrides.join('')}`;
}

/** What `helm install` has to be told to use exactly the operator's image; nothing when it was not pushed. */
export function operatorHelmFlags(pushed: readonly PushedImage[]): string | undefined {
  const operator = pushed.find(({ name }) => name === operatorImage);
  if (operator === undefined) return undefined;
  return `--set image.registry=${operator.registry} --set image.digest=${operator.digest}`;
}

const operatorImage = 'genai-platform-operator';

/** `genai-platform-format-conversion` is the field `formatConversion`. */
function fieldName(image: string): string {
  return image.replace('genai-platform-', '').replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
}
