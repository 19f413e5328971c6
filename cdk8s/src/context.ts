import type { Observed } from './observed.ts';
import type { Settings } from './settings/settings.ts';

/** What every part of the rendering reads: the platform with its defaults, and what is known of the world. */
export interface Context {
  readonly settings: Settings;
  readonly observed: Observed;
}

/**
 * The value of a generated Secret.
 * @throws Error when the operator did not complete the Secret: a missing value must never become an empty one
 */
export function secretValue({ observed }: Context, name: string, key: string): string {
  const value = observed.secrets[name]?.[key];
  if (value === undefined) throw new Error(`Observed.secrets lacks the key ${key} of the Secret ${name}`);
  return value;
}
