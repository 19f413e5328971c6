import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { imageRepository, imageTag } from '@genai-platform/cdk8s';
import { imageNames } from '@genai-platform/crds';
import { checkoutRoot } from '../machine/checkout.ts';

/** What an image is built on; each is made from Debian's packages. */
export type BaseName = 'node' | 'postgres' | 'valkey';

/** One image of the platform. */
export interface ImageRecipe {
  /** Without registry and tag: `genai-platform-search`. */
  readonly name: string;
  readonly base: BaseName;
  readonly dockerfile: string;
  /** The workspace that is bundled into it, relative to the checkout; without one the Dockerfile's own folder goes in. */
  readonly workspace?: string;
}

/** Every workspace with a Dockerfile, and the two databases. */
export function imageRecipes(): ImageRecipe[] {
  const workspaces = ['operator', ...globSync('services/*', { cwd: checkoutRoot }).sort()];
  const programs = workspaces
    .map((workspace) => ({
      name: `genai-platform-${basename(workspace)}`,
      base: 'node' as const,
      dockerfile: join(checkoutRoot, workspace, 'Dockerfile'),
      workspace,
    }))
    .filter(({ dockerfile }) => existsSync(dockerfile));
  const databases = (['postgres', 'valkey'] as const).map((base) => ({
    name: `genai-platform-${base}`,
    base,
    dockerfile: join(import.meta.dirname, base, 'Dockerfile'),
  }));
  return [...programs, ...databases];
}

/** Those whose names are given, with or without the prefix `genai-platform-`; all of them when none is given. */
export function selectImages(names: readonly string[]): ImageRecipe[] {
  const all = imageRecipes();
  if (names.length === 0) return all;
  return names.map((name) => {
    const found = all.find((recipe) => recipe.name === name || recipe.name === `genai-platform-${name}`);
    if (found !== undefined) return found;
    throw new Error(`There is no image "${name}". There are: ${all.map((recipe) => recipe.name).join(', ')}`);
  });
}

/** The tag of an image of a release: the release's, but for PostgreSQL and Valkey, which have their own. */
export function tagOf(name: string, release: string): string {
  const image = imageNames.find((candidate) => imageRepository(candidate) === name);
  return image === undefined ? release : imageTag(image, release);
}
