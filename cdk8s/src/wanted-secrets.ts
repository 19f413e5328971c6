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

/** The first generation of a login; a later one exists only while a password is being rotated. */
const firstGeneration = 1;

/** The Secrets that a platform needs, each after those that it is made from. */
export function wantedSecrets(platform: PlatformInput): WantedSecret[] {
  const settings = resolveSettings(platform, '');
  return [...platformSecrets(settings), ...databaseSecrets(settings), ...cacheSecrets(settings)];
}

/** Keys that a Secret has, of which those of a rotation are there only while it has left something to keep. */
export function keysOf(secret: WantedSecret, present: Readonly<Record<string, string>> = {}): readonly string[] {
  if (secret.kind === 'values') {
    return [...Object.keys(secret.values), ...(secret.login ? rotationKeys.filter((key) => key in present) : [])];
  }
  return secret.kind === 'authority' ? ['ca.crt', 'ca.key'] : ['tls.crt', 'tls.key', 'ca.crt'];
}

function platformSecrets({ names, platform, workloads }: Settings): WantedSecret[] {
  const hasAccounts = workloads.some(({ entry }) => entry.name === 'auth');
  return [
    { kind: 'values', name: names.identity, values: { key: { kind: 'random', bytes: 32 } } },
    {
      kind: 'values',
      name: names.bootstrapAdmin,
      values: { 'api-key': { kind: 'random', bytes: 32, prefix: 'gp_' }, password, username: fixed('admin') },
    },
    ...(hasAccounts ? [authKeys(names.authKeys)] : []),
    { kind: 'authority', name: names.authority, commonName: `${platform} authority` },
  ];
}

function authKeys(name: string): WantedSecret {
  return { kind: 'values', name, values: { key: { kind: 'random', bytes: 32 } } };
}

function databaseSecrets(settings: Settings): WantedSecret[] {
  const { database, names, workloads } = settings;
  const users = workloads.filter(({ entry }) => entry.needs.includes('postgres')).map(({ entry }) => entry.name);
  const logins = users.map((user): WantedSecret => ({
    kind: 'values',
    name: names.databaseLogin(user),
    values: { username: fixed(loginName(user, firstGeneration)), password },
    login: { workload: user, server: 'database' },
  }));
  if (database.kind === 'external') return logins;
  const administrator: WantedSecret = {
    kind: 'values',
    name: names.postgresAdmin,
    values: { username: fixed('postgres'), password },
  };
  return [administrator, serverCertificate(settings, names.postgresTls, names.postgres), ...logins];
}

function cacheSecrets(settings: Settings): WantedSecret[] {
  const { cache, names, workloads } = settings;
  if (cache.kind === 'external') return [];
  const users = workloads.filter(({ entry }) => entry.needs.includes('redis')).map(({ entry }) => entry.name);
  return [
    serverCertificate(settings, names.cacheTls, names.cache),
    ...users.map((user): WantedSecret => ({
      kind: 'values',
      name: names.cacheLogin(user),
      values: { username: fixed(user), password },
      login: { workload: user, server: 'cache' },
    })),
  ];
}

function serverCertificate({ names, namespace }: Settings, name: string, service: string): WantedSecret {
  const host = serviceHost(service, namespace);
  const dnsNames = [service, `${service}.${namespace}`, host, 'localhost'];
  return { kind: 'certificate', name, issuer: names.authority, commonName: service, dnsNames };
}
