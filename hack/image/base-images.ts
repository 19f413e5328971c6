import { postgresRoot, valkeyRoot } from '../databases/roots.ts';
import type { CachedRoot } from '../debian/cached-root.ts';
import { hasImage } from '../docker/client.ts';
import { AdvisedError } from '../machine/advice.ts';
import { exec } from '../machine/exec.ts';
import { nodeRoot } from './node-root.ts';
import type { BaseName } from './recipes.ts';

/** The images that others build on, by their names with tags; for a missing one the Dockerfile's own default holds. */
export type BaseImages = Readonly<Partial<Record<BaseName, string>>>;

const roots: Readonly<Record<BaseName, (say: (what: string) => void) => Promise<CachedRoot>>> = {
  node: nodeRoot,
  postgres: postgresRoot,
  valkey: valkeyRoot,
};

/** Whether bases can be made here: extracting packages with their owners takes root. */
export const canMakeBases: boolean = process.getuid?.() === 0;

/** Makes the bases that are wanted and that the engine does not have. Without root it leaves services to the public base. */
export async function ensureBaseImages(
  wanted: ReadonlySet<BaseName>,
  say: (what: string) => void,
): Promise<BaseImages> {
  if (!canMakeBases) return publicBases(wanted);
  const images = [...wanted].map(async (name) => {
    const { root, version } = await roots[name](say);
    const image = `genai-platform-base-${name}:${version}`;
    if (!(await hasImage(image))) await importRoot(root, image);
    return [name, image] as const;
  });
  return Object.fromEntries(await Promise.all(images));
}

function publicBases(wanted: ReadonlySet<BaseName>): BaseImages {
  if (!wanted.has('postgres') && !wanted.has('valkey')) return {};
  throw new AdvisedError(
    'the images of PostgreSQL and Valkey are made from packages, which takes root',
    'Run the command as root, or use the public images pgvector/pgvector:pg17 and valkey/valkey:8 in spec.images.',
  );
}

/** One layer from a root file system. What runs in it now (tests do) and the devices are the machine's, not the image's. */
async function importRoot(root: string, image: string): Promise<void> {
  const machine = ['./run/*', './tmp/*', './dev/*'].map((glob) => `--exclude=${glob}`);
  const pack = ['tar', '--numeric-owner', '--sort=name', ...machine, '-C', root, '-c', '.'];
  const quoted = pack.map((word) => `'${word}'`).join(' ');
  await exec('bash', ['-o', 'pipefail', '-c', `${quoted} | docker import - '${image}'`]);
}
