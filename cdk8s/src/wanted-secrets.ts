import type { GivenSecret } from './given-secret.ts';
import { givenSecrets } from './given-secret.ts';
import { loginName, serviceHost } from './naming.ts';
import type { PlatformInput, Settings } from './settings/settings.ts';
import { resolveSettings } from './settings/settings.ts';

/** How a missing value of a Secret comes to be. */
export type ValueSource =
  /** Always this text, for example a user name. */
  | { readonly kind: 'fixed'; readonly value: string }
  /** `prefix` and so many random bytes in base64url without padding. */
  | { readonly kind: 'random'; readonly bytes: number; readonly prefix?: string };

/** A Secret whose values the operator makes once and `render` then takes from `Observed.secrets`. */
export type WantedSecret =
  | {
      readonly kind: 'values';
      readonly name: string;
      readonly values: Readonly<Record<string, ValueSource>>;
      /** Whose login it is, of one that can be rotated; it may then have the keys of `rotationKeys` too. */
      readonly login?: Login;
      /** Where the user has its values from; those that are not among them are made. */
      readonly given?: GivenSecret;
    }
  /** Keys `ca.crt` and `ca.key`: a self-signed authority for this platform alone. */
  | { readonly kind: 'authority'; readonly name: string; readonly commonName: string }
  /** Keys `tls.crt`, `tls.key` and `ca.crt`: a server certificate signed by the authority in the Secret `issuer`. */
  | {
      readonly kind: 'certificate';
      readonly name: string;
      readonly issuer: string;
      readonly commonName: string;
      readonly dnsNames: readonly string[];
    };

/** Who logs in where with a credential that can be rotated. */
export interface Login {
  readonly workload: string;
  readonly server: 'database' | 'cache';
}

/**
 * What the Secret of a login has beside `username` and `password` while, and after, it is rotated. `next-*`: valid, and
 * nobody's yet. `previous-*`: still valid for those who have not changed over. `retired-username`: valid no longer.
 */
export const rotationKeys = [
  'next-username',
  'next-password',
  'previous-username',
  'previous-password',
  'retired-username',
  'rotated-for',
  'rotated-at',
] as const;

const fixed = (value: string): ValueSource => ({ kind: 'fixed', value });
const password: ValueSource = { kind: 'random', bytes: 24 };
const keyFile: ValueSource = { kind: 'random', bytes: 32 };

/** The first generation of a login; a later one exists only while a password is being rotated. */
const firstGeneration = 1;

/** The Secrets that a platform needs, each after those that it is made from. */
export function wantedSecrets(platform: PlatformInput): WantedSecret[] {
  return wantedBy(resolveSettings(platform, ''));
}

/** As `wantedSecrets`, of settings that are resolved. */
export function wantedBy(settings: Settings): WantedSecret[] {
  return [...platformSecrets(settings), ...databaseSecrets(settings), ...cacheSecrets(settings)];
}

/** Keys that a Secret has, of which those of a rotation are there only while it has left something to keep. */
export function keysOf(secret: WantedSecret, present: Readonly<Record<string, string>> = {}): readonly string[] {
  if (secret.kind === 'values') {
    return [...Object.keys(secret.values), ...(secret.login ? rotationKeys.filter((key) => key in present) : [])];
  }
  return secret.kind === 'authority' ? ['ca.crt', 'ca.key'] : ['tls.crt', 'tls.key', 'ca.crt'];
}

function platformSecrets(settings: Settings): WantedSecret[] {
  const { names, platform, workloads } = settings;
  const given = givenSecrets(settings);
  const hasAccounts = workloads.some(({ entry }) => entry.name === 'auth');
  return [
    values(names.identity, { key: keyFile }, given.identity),
    values(
      names.bootstrapAdmin,
      { 'api-key': { kind: 'random', bytes: 32, prefix: 'gp_' }, password, username: fixed('admin') },
      given.bootstrapAdmin,
    ),
    ...(hasAccounts ? [values(names.authKeys, { key: keyFile }, given.authKeys)] : []),
    { kind: 'authority', name: names.authority, commonName: `${platform} authority` },
  ];
}

type ValuesSecret = Extract<WantedSecret, { kind: 'values' }>;

function values(name: string, sources: ValuesSecret['values'], given: GivenSecret | undefined): ValuesSecret {
  return { kind: 'values', name, values: sources, ...(given && { given }) };
}

function databaseSecrets(settings: Settings): WantedSecret[] {
  const { database, names, workloads } = settings;
  const given = givenSecrets(settings);
  const users = workloads.filter(({ entry }) => entry.needs.includes('postgres')).map(({ entry }) => entry);
  const logins = users.map(({ name: user, setting }): WantedSecret => {
    const sources = { username: fixed(loginName(user, firstGeneration)), password };
    const login = values(names.databaseLogin(user), sources, given.databaseLogin(setting));
    return { ...login, login: { workload: user, server: 'database' } };
  });
  if (database.kind === 'external') return logins;
  return [
    values(names.postgresAdmin, { username: fixed('postgres'), password }, given.databaseAdmin),
    serverCertificate(settings, names.postgresTls, names.postgres),
    ...logins,
  ];
}

function cacheSecrets(settings: Settings): WantedSecret[] {
  const { cache, names, workloads } = settings;
  if (cache.kind === 'external') return [];
  const given = givenSecrets(settings);
  const users = workloads.filter(({ entry }) => entry.needs.includes('redis')).map(({ entry }) => entry);
  return [
    serverCertificate(settings, names.cacheTls, names.cache),
    ...users.map(({ name: user, setting }): WantedSecret => {
      const login = values(names.cacheLogin(user), { username: fixed(user), password }, given.cacheLogin(setting));
      return { ...login, login: { workload: user, server: 'cache' } };
    }),
  ];
}

function serverCertificate({ names, namespace }: Settings, name: string, service: string): WantedSecret {
  const host = serviceHost(service, namespace);
  const dnsNames = [service, `${service}.${namespace}`, host, 'localhost'];
  return { kind: 'certificate', name, issuer: names.authority, commonName: service, dnsNames };
}
