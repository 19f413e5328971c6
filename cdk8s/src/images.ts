import type { ImageName, ImageOverride, Images } from '@genai-platform/crds';
import { imageNames } from '@genai-platform/crds';

const defaultRegistry = 'ghcr.io/genai-platform';

/** `formatConversion` → `genai-platform-format-conversion` */
export function imageRepository(image: ImageName): string {
  return `genai-platform-${image.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The reference that nodes pull: an override before the registry, a digest before a tag. */
export function imageReference(images: Images | undefined, image: ImageName, version: string): string {
  const override: ImageOverride = images?.overrides?.[image] ?? {};
  const repository = override.repository ?? `${images?.registry ?? defaultRegistry}/${imageRepository(image)}`;
  if (override.digest !== undefined) return `${repository}@${override.digest}`;
  return `${repository}:${override.tag ?? version}`;
}

/** Every image of a platform, for mirroring and for loading into a cluster. */
export function imageReferences(images: Images | undefined, version: string): Record<ImageName, string> {
  const references = imageNames.map((name) => [name, imageReference(images, name, version)]);
  return Object.fromEntries(references) as Record<ImageName, string>;
}
