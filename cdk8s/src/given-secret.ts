import type { SecretsSettings } from '@genai-platform/crds';
import type { Settings } from './settings/settings.ts';

/**
 * What becomes of the platform when the user's value is another one. `taken`: the pods that read it restart. `rotated`:
 * both are valid until every user has changed over. `overlapping`: a file of keys, of which the one in use must stay.
 * `fixed`: it cannot change.
 */
export type GivenChange = 'taken' | 'rotated' | 'overlapping' | 'fixed';

/** Where the values of a Secret of the platform come from when the user gives them. */
export interface GivenSecret {
  /** Name of the user's Secret. */
  readonly secret: string;
  /** Key of the platform's Secret → key of the user's. */
  readonly keys: Readonly<Record<string, string>>;
  /** The field that refers to it. */
  readonly field: string;
  readonly change: GivenChange;
}

type PasswordOf = { readonly secretRef: { readonly name: string; readonly key?: string | undefined } } | undefined;

/** The given values of the Secrets that a platform would otherwise generate; each absent where none are. */
export interface GivenSecrets {
  readonly identity?: GivenSecret | undefined;
  readonly authKeys?: GivenSecret | undefined;
  readonly bootstrapAdmin?: GivenSecret | undefined;
  readonly databaseAdmin?: GivenSecret | undefined;
  /** @param setting name of the workload in the specification. */
  databaseLogin(setting: string): GivenSecret | undefined;
  cacheLogin(setting: string): GivenSecret | undefined;
}

/** What `spec.secrets` gives. */
export function givenSecrets({ spec }: Settings): GivenSecrets {
  const { identity, authKeys, bootstrapAdmin, databaseAdmin, databaseLogins, cacheLogins } = spec.secrets ?? {};
  const login = (logins: object | undefined, field: string, setting: string): GivenSecret | undefined =>
    single((logins as Readonly<Record<string, PasswordOf>> | undefined)?.[setting], {
      key: 'password',
      field: `${field}.${setting}`,
      change: 'rotated',
    });
  return {
    identity: single(identity, { key: 'key', field: 'identity', change: 'overlapping' }),
    authKeys: single(authKeys, { key: 'key', field: 'authKeys', change: 'overlapping' }),
    bootstrapAdmin: administrator(bootstrapAdmin),
    databaseAdmin: single(databaseAdmin, { key: 'password', field: 'databaseAdmin', change: 'fixed' }),
    databaseLogin: (setting) => login(databaseLogins, 'databaseLogins', setting),
    cacheLogin: (setting) => login(cacheLogins, 'cacheLogins', setting),
  };
}

function single(
  given: PasswordOf,
  { key, field, change }: { readonly key: string; readonly field: string; readonly change: GivenChange },
): GivenSecret | undefined {
  if (given === undefined) return undefined;
  const { name, key: theirs = key } = given.secretRef;
  return { secret: name, keys: { [key]: theirs }, field: `spec.secrets.${field}.secretRef`, change };
}

function administrator(given: SecretsSettings['bootstrapAdmin']): GivenSecret | undefined {
  if (given === undefined) return undefined;
  const { name, apiKeyKey = 'api-key', passwordKey = 'password' } = given.secretRef;
  const keys = { 'api-key': apiKeyKey, password: passwordKey };
  return { secret: name, keys, field: 'spec.secrets.bootstrapAdmin.secretRef', change: 'taken' };
}
