import { dirname } from 'node:path';
import { docker } from '../docker/client.ts';
import { succeeds } from '../machine/exec.ts';
import { canMakeBases, ensureBaseImages, type BaseImages } from './base-images.ts';
import { treeVersion } from './files.ts';
import { freshBundle } from './fresh-bundle.ts';
import { pruneBuilds } from './prune-images.ts';
import { selectImages, tagOf, type ImageRecipe } from './recipes.ts';

/** How images are named and who is told of progress. */
export interface BuildOptions {
  readonly tag: string;
  /** Put before the name; the charts' default is the same. */
  readonly registry?: string;
  readonly say?: (what: string) => void;
}

/** An image that the engine has. */
export interface BuiltImage {
  readonly name: string;
  /** `<registry>/<name>:<tag>`; the tag of PostgreSQL and Valkey is their own. */
  readonly reference: string;
  /** The same image under a tag that follows from its content, to see by name whether anything changed. */
  readonly contentReference: string;
  /** `sha256:…` of the image's configuration. */
  readonly id: string;
  readonly sizeBytes: number;
  /** Whether it was built now, rather than found. */
  readonly built: boolean;
}

export const defaultRegistry = 'ghcr.io/genai-platform';

/**
 * Makes sure that the engine has these images (all, when no name is given), each with the tag. What has not changed
 * since it was last built, by content, is not built again. Needs a running engine: see `ensureEngine`.
 */
export async function buildImages(names: readonly string[], options: BuildOptions): Promise<BuiltImage[]> {
  const say = options.say ?? console.error;
  const recipes = selectImages(names).filter(({ base }) => names.length > 0 || base === 'node' || canMakeBases);
  const bases = await ensureBaseImages(new Set(recipes.map(({ base }) => base)), say);
  const plans = await Promise.all(recipes.map((recipe) => planImage(recipe, bases)));
  const before = await inspect(plans.map((plan) => plan.contentReference));
  const missing = plans.filter((plan) => !before.has(plan.contentReference));
  // One after the other: an engine with two cores gains nothing, and the shared layers are pulled up once.
  for (const plan of missing) {
    say(`building ${plan.name}`);
    await buildImage(plan);
    await pruneBuilds(plan.name);
  }
  const registry = options.registry ?? defaultRegistry;
  const now = await inspect(plans.map((plan) => plan.contentReference));
  return Promise.all(
    plans.map(async (plan) => {
      const reference = `${registry}/${plan.name}:${tagOf(plan.name, options.tag)}`;
      await docker(['tag', plan.contentReference, reference]);
      const { id, sizeBytes } = now.get(plan.contentReference) ?? { id: '', sizeBytes: 0 };
      return { ...described(plan), reference, id, sizeBytes, built: missing.includes(plan) };
    }),
  );
}

interface ImagePlan {
  readonly name: string;
  readonly contentReference: string;
  readonly recipe: ImageRecipe;
  readonly context: string;
  readonly base: string | undefined;
}

async function planImage(recipe: ImageRecipe, bases: BaseImages): Promise<ImagePlan> {
  const base = bases[recipe.base];
  const bundle = recipe.workspace === undefined ? undefined : await freshBundle(recipe.workspace);
  const context = bundle?.directory ?? dirname(recipe.dockerfile);
  const version = await treeVersion(bundle ? [recipe.dockerfile] : [context], base ?? 'public', bundle?.version ?? '');
  return { name: recipe.name, contentReference: `${recipe.name}:content-${version}`, recipe, context, base };
}

function described({ name, contentReference }: ImagePlan): Pick<BuiltImage, 'name' | 'contentReference'> {
  return { name, contentReference };
}

/** Engines without BuildKit's client plugin say so only when asked to build. */
async function buildImage({ recipe, context, base, contentReference }: ImagePlan): Promise<void> {
  const env: Record<string, string> = (await succeeds('docker', ['buildx', 'version'])) ? {} : { DOCKER_BUILDKIT: '0' };
  const onBase = base === undefined ? [] : ['--build-arg', `BASE=${base}`];
  await docker(['build', '--file', recipe.dockerfile, ...onBase, '--tag', contentReference, context], { env });
}

/** What the engine knows of those images that it has. */
async function inspect(references: readonly string[]): Promise<Map<string, { id: string; sizeBytes: number }>> {
  const format = '{{range .RepoTags}}{{.}} {{end}}|{{.Id}}|{{.Size}}';
  const found = new Map<string, { id: string; sizeBytes: number }>();
  for (const line of await inspectLines(references, format)) {
    const [tags = '', id = '', size = '0'] = line.split('|');
    for (const tag of tags.trim().split(' ')) found.set(tag, { id, sizeBytes: Number(size) });
  }
  return found;
}

/** The client fails when one image is missing, and still prints the others. */
async function inspectLines(references: readonly string[], format: string): Promise<string[]> {
  const lines: string[] = [];
  const onLine = (line: string): void => void (line.includes('|sha256:') && lines.push(line));
  await docker(['image', 'inspect', '--format', format, ...references], { onLine }).catch(() => undefined);
  return lines;
}
