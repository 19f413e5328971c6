import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build as esbuild, type Plugin } from 'esbuild';
import { checkoutRoot } from '../machine/checkout.ts';
import { ensureModel } from '../models/models.ts';
import { modelNamed } from '../models/table.ts';
import { copyExternalPackages } from './external-packages.ts';
import { findUrlReferences, rewriteUrlReferences, type UrlReference } from './url-references.ts';

interface WorkspacePackage {
  readonly name: string;
  readonly version: string;
  /** Packages that find their own files at run time and therefore stay packages. */
  readonly bundle?: {
    readonly external?: readonly string[];
    /** Names of models whose files the program reads, in `models/<name>` beside main.js. */
    readonly models?: readonly string[];
  };
}

/** A program's files, ready to run with `node main.js`. */
export interface Bundle {
  /** The files and folders, absolute, whose content decided what came out. */
  readonly inputs: readonly string[];
}

/** In an ECMAScript module what CommonJS packages inside the bundle expect to exist. */
const commonJsWorld =
  "import { createRequire as createRequireForBundle } from 'node:module';" +
  'const require = createRequireForBundle(import.meta.url);' +
  'const __filename = import.meta.filename, __dirname = import.meta.dirname;';

/**
 * Bundles `src/main.ts` of a workspace into `directory`, together with the workers and folders that it names by URL.
 * ECMAScript modules, because they are split: what is imported lazily (the tracing SDK) costs nothing at start. Names
 * and lines are kept, so that a stack trace can be read; minified it would start 10 ms sooner.
 */
export async function bundleWorkspace(workspace: string, directory: string): Promise<Bundle> {
  const manifest = JSON.parse(await readFile(join(workspace, 'package.json'), 'utf8')) as WorkspacePackage;
  const references = await findUrlReferences(workspace);
  const external = manifest.bundle?.external ?? [];
  await rm(directory, { recursive: true, force: true });
  // Filled while the image is built; it must exist to be the unprivileged user's.
  await mkdir(join(directory, 'compile-cache'), { recursive: true });
  const { metafile } = await esbuild({
    entryPoints: entryPoints(workspace, references),
    outdir: directory,
    absWorkingDir: checkoutRoot,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    conditions: ['@genai-platform/source'],
    external: [...external],
    banner: { js: commonJsWorld },
    plugins: [urlReferencesPlugin(workspace)],
    legalComments: 'linked',
    logLevel: 'silent',
    metafile: true,
  });
  const folders = references.filter(({ target }) => !target.endsWith('.ts'));
  await copyFolders(folders, directory);
  await copyExternalPackages(workspace, external, directory);
  await copyModels(manifest.bundle?.models ?? [], directory);
  const described = { name: manifest.name, version: manifest.version, type: 'module' };
  await writeFile(join(directory, 'package.json'), `${JSON.stringify(described, undefined, 2)}\n`);
  const sources = Object.keys(metafile.inputs).map((path) => join(checkoutRoot, path.replace(/^.*:/, '')));
  const models = manifest.bundle?.models === undefined ? [] : [join(import.meta.dirname, '../models/table.ts')];
  const own = [join(workspace, 'package.json'), ...models];
  return { inputs: [...own, ...sources, ...folders.map(({ target }) => target)] };
}

function entryPoints(workspace: string, references: readonly UrlReference[]): Record<string, string> {
  const workers = references
    .filter(({ target }) => target.endsWith('.ts'))
    .map(({ target, place }) => [place.replace(/\.js$/, ''), target] as const);
  const warmUp = join(import.meta.dirname, 'warm-up.ts');
  return { main: join(workspace, 'src/main.ts'), 'warm-up': warmUp, ...Object.fromEntries(workers) };
}

/** All code ends up beside main.js, whichever folder it comes from. */
function urlReferencesPlugin(workspace: string): Plugin {
  return {
    name: 'url-references',
    setup: (build) => {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!path.startsWith(join(workspace, 'src/'))) return undefined;
        const text = await readFile(path, 'utf8');
        return { contents: rewriteUrlReferences(workspace, path, text), loader: 'ts' };
      });
    },
  };
}

async function copyFolders(references: readonly UrlReference[], directory: string): Promise<void> {
  for (const { target, place } of references) {
    await mkdir(dirname(join(directory, place)), { recursive: true });
    await cp(target, join(directory, place), { recursive: true });
  }
}

async function copyModels(names: readonly string[], directory: string): Promise<void> {
  for (const name of names) {
    await cp(await ensureModel(modelNamed(name)), join(directory, 'models', name), { recursive: true });
  }
}
