import type { ImageName, ImageOverride, Images } from '@genai-platform/crds';
import { imageNames } from '@genai-platform/crds';

const defaultRegistry = 'ghcr.io/genai-platform';

/**
 * Tags of the images that are not the platform's own programs: version of the engine, and a count of what was changed
 * about the image since. With the version of the platform instead, every upgrade would restart database and cache.
 */
const engineTags: Partial<Record<ImageName, string>> = { postgres: '17-1', valkey: '8-1' };

/** The tag of an image in the version of a platform. */
export function imageTag(image: ImageName, version: string): string {
  return engineTags[image] ?? version;
}

/** `formatConversion` → `genai-platform-format-conversion` */
export function imageRepository(image: ImageName): string {
  return `genai-platform-${image.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Where an image comes from, written out: an override before the registry, a digest before a tag. */
export function imageOverride(images: Images | undefined, image: ImageName, version: string): ImageOverride {
  const { repository, digest, tag }: ImageOverride = images?.overrides?.[image] ?? {};
  const place = repository ?? `${images?.registry ?? defaultRegistry}/${imageRepository(image)}`;
  return digest === undefined
    ? { repository: place, tag: tag ?? imageTag(image, version) }
    : { repository: place, digest };
}

/** The reference that nodes pull. */
export function imageReference(images: Images | undefined, image: ImageName, version: string): string {
  const { repository, digest, tag } = imageOverride(images, image, version);
  return digest === undefined ? `${repository ?? ''}:${tag ?? ''}` : `${repository ?? ''}@${digest}`;
}

/** Every image of a platform, for mirroring and for loading into a cluster. */
export function imageReferences(images: Images | undefined, version: string): Record<ImageName, string> {
  const references = imageNames.map((name) => [name, imageReference(images, name, version)]);
  return Object.fromEntries(references) as Record<ImageName, string>;
}
