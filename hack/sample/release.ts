import { createHash } from 'node:crypto';
import { docker } from '../docker/client.ts';
import { buildImages, defaultRegistry, type BuiltImage } from '../image/build-images.ts';
import { tagOf } from '../image/recipes.ts';
import { loadImages } from '../kind/load.ts';
import type { Checkout } from '../machine/checkout.ts';
import type { StepContext } from '../progress/steps.ts';

/** Images that belong together, under one tag. */
export interface Release {
  /** `dev-` and a digest of what is in the images: pods restart when that changes, and only then. */
  readonly version: string;
  readonly references: readonly string[];
}

/** Builds all images of this checkout, as far as they changed. */
export async function buildRelease({ say }: StepContext): Promise<Release> {
  const built = await buildImages([], { tag: 'local', say });
  const version = `dev-${digestOf(built)}`;
  const references = built.map(({ name }) => `${defaultRegistry}/${name}:${tagOf(name, version)}`);
  await Promise.all(
    built.map(({ contentReference }, index) => docker(['tag', contentReference, references[index] ?? ''])),
  );
  return { version, references };
}

/** Makes the images of a release available to the cluster's nodes. */
export async function loadRelease(checkout: Checkout, release: Release, context: StepContext): Promise<void> {
  context.say(`${String(release.references.length)} images, version ${release.version}`);
  await loadImages(checkout, release.references, context);
}

function digestOf(images: readonly BuiltImage[]): string {
  const contents = images.map(({ contentReference }) => contentReference).sort();
  return createHash('sha256').update(contents.join('\n')).digest('hex').slice(0, 12);
}
