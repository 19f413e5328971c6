import type { GenAIPlatform } from '@genai-platform/crds';
import { parsePlatform } from '@genai-platform/crds';
import { ZodError } from 'zod';
import { Failure } from './failure.ts';
import type { Manifest } from './manifest-file.ts';

/**
 * A manifest as far as it can be checked without a cluster: types, ranges, patterns, fields that do not exist. The rules
 * that relate fields to each other are the API server's to check.
 * @throws Failure that names every field
 */
export function checkedPlatform(manifest: Manifest): GenAIPlatform {
  const platform = parsed(manifest);
  const unknown = unknownFields(manifest.spec, platform.spec, 'spec');
  if (unknown.length > 0) {
    throw new Failure(
      `there are no such fields: ${unknown.join(', ')}`,
      'the fields are described in crds/REFERENCE.md',
    );
  }
  return platform;
}

function parsed(manifest: Manifest): GenAIPlatform {
  try {
    return parsePlatform(manifest);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const issues = error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    const what = `the platform is not valid:\n${issues.join('\n')}`;
    throw new Failure(what, 'the fields are described in crds/REFERENCE.md', { cause: error });
  }
}

/** What was given and not taken. */
function unknownFields(given: unknown, taken: unknown, path: string): string[] {
  if (typeof given !== 'object' || given === null || typeof taken !== 'object' || taken === null) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    const place = Array.isArray(given) ? `${path}[${name}]` : `${path}.${name}`;
    if (!(name in taken)) return [place];
    return unknownFields(value, (taken as Record<string, unknown>)[name], place);
  });
}
