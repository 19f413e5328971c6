import { readFile } from 'node:fs/promises';
import { api } from '@genai-platform/crds';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../runtime/index.ts';
import { Failure } from './failure.ts';
import type { Io } from './io.ts';

/** A platform as its file has it: not yet checked by anybody. */
export type Manifest = KubeObject & { readonly spec?: unknown };

/** Reads the one platform of a file, `-` for standard input. Other documents in it are named and left out. */
export async function readManifest(path: string, io: Io): Promise<Manifest> {
  const objects = parse(await readText(path, io), path);
  const platforms = objects.filter(({ kind }) => kind === api.kind);
  const others = objects.filter(({ kind }) => kind !== api.kind);
  for (const { kind, metadata } of others) {
    io.err(`note: ${String(kind)} ${metadata?.name ?? ''} in ${path} is not a ${api.kind} and is left out\n`);
  }
  const [platform] = platforms;
  if (!platform || platforms.length > 1) {
    const found = platforms.map(({ metadata }) => metadata?.name ?? '(no name)').join(', ');
    const what = platform ? `${platforms.length} objects of kind ${api.kind} (${found})` : `no ${api.kind}`;
    throw new Failure(`${path} has ${what}`, 'give a file with one platform');
  }
  return complete(platform, path);
}

interface Loose {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: unknown;
}

async function readText(path: string, io: Io): Promise<string> {
  if (path === '-') return io.readInput();
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${(error as Error).message}`, undefined, { cause: error });
  }
}

function parse(text: string, path: string): Loose[] {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  for (const { errors } of documents) {
    const [error] = errors;
    if (error) throw new Failure(`${path} is not YAML: ${error.message}`);
  }
  return documents.map((document) => document.toJS() as unknown).filter(isLoose);
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null;
}

function complete({ apiVersion, kind = '', metadata, ...rest }: Loose, path: string): Manifest {
  if (apiVersion !== api.apiVersion) {
    throw new Failure(`${path}: apiVersion is ${String(apiVersion)}`, `this tool knows ${api.apiVersion}`);
  }
  if (typeof metadata?.name !== 'string') throw new Failure(`${path}: metadata.name is missing`);
  // What the API server writes is not for a file to say.
  const { status: _status, ...wanted } = rest as { status?: unknown };
  return { apiVersion, kind, metadata: { ...metadata, name: metadata.name }, ...wanted };
}

/**
 * The namespace of a manifest: its own, else the flag's, else the context's.
 * @throws Failure when flag and file say different things, as kubectl does
 */
export function namespaceOf({ metadata }: Manifest, flag: string | undefined, otherwise: string): string {
  if (flag !== undefined && metadata.namespace !== undefined && flag !== metadata.namespace) {
    throw new Failure(
      `the file is about namespace ${metadata.namespace}, --namespace about ${flag}`,
      'leave out one of them',
    );
  }
  return metadata.namespace ?? flag ?? otherwise;
}
