import type { GenAIPlatformSpec } from '@genai-platform/crds';

/** What a user may write wrongly: the shape of a spec with any values. */
export type WrittenSpec = { readonly [field in keyof GenAIPlatformSpec]?: unknown } & Readonly<Record<string, unknown>>;

/** Specs that the API server takes, and specs that it refuses with the message that a user would want. */
export interface Cases {
  readonly accepted: readonly (readonly [what: string, spec: WrittenSpec])[];
  readonly rejected: readonly (readonly [what: string, spec: WrittenSpec, message: string])[];
}

/** A spec of the profile `dev` with something more. */
export function dev(more: WrittenSpec): WrittenSpec {
  return { profile: 'dev', ...more };
}

/** A spec with settings of the service search. */
export function search(settings: Readonly<Record<string, unknown>>): WrittenSpec {
  return dev({ services: { search: settings } });
}
