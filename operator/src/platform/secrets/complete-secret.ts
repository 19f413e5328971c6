import { randomBytes } from 'node:crypto';
import type { ValueSource, WantedSecret } from '@genai-platform/cdk8s';
import { rotationKeys } from '@genai-platform/cdk8s';
import type { KeyPair } from '../certificates/certificate-authority.ts';
import { createAuthority, createServerCertificate } from '../certificates/certificate-authority.ts';
import {
  AUTHORITY_LIFETIME,
  SERVER_LIFETIME,
  certificatesOf,
  fits,
  hasEnded,
  isDue,
  validityFrom,
} from '../certificates/renewal.ts';
import { takeOver } from './given-values.ts';
import type { SecretValues } from './secret-data.ts';

export type { SecretValues } from './secret-data.ts';

/** What completing one Secret may rest on. */
export interface Known {
  /** Values of the Secrets that exist or were completed before, by name. */
  readonly secrets: Readonly<Record<string, SecretValues>>;
  readonly now: Date;
  /** What the user gives of this Secret, by its own keys. */
  readonly given?: SecretValues | undefined;
}

/**
 * The values that a Secret is to have. What exists stays as it is: only a missing value, or a certificate whose end is
 * near, is made, or taken from the user. Equal to what was found where nothing is to be done.
 * @throws TerminalError `SecretChangeRefused`
 */
export async function completeSecret(wanted: WantedSecret, { secrets, now, given }: Known): Promise<SecretValues> {
  const found = secrets[wanted.name] ?? {};
  switch (wanted.kind) {
    case 'values':
      return completeValues(wanted, found, given);
    case 'authority':
      return completeAuthority(wanted.commonName, found, now);
    case 'certificate':
      return completeCertificate(wanted, found, { authority: secrets[wanted.issuer] ?? {}, now });
  }
}

type WantedValues = Extract<WantedSecret, { kind: 'values' }>;

/** Of a login that was rotated the user is no longer the first one, and what a rotation keeps there stays. */
function completeValues(wanted: WantedValues, found: SecretValues, given: SecretValues = {}): SecretValues {
  const values = Object.entries(wanted.values).map(([key, source]) => {
    const value = given[key];
    if (value === undefined || !wanted.given) return [key, completeValue(source, found[key])];
    return [key, takeOver(wanted.given, key, { found: found[key] ?? '', value })];
  });
  const complete = Object.fromEntries(values) as SecretValues;
  if (!wanted.login) return complete;
  const kept = rotationKeys.flatMap((key): [string, string][] => (found[key] === undefined ? [] : [[key, found[key]]]));
  return { ...complete, username: found['username'] || complete['username'] || '', ...Object.fromEntries(kept) };
}

function completeValue(source: ValueSource, found: string | undefined): string {
  if (source.kind === 'fixed') return source.value;
  return found || `${source.prefix ?? ''}${randomBytes(source.bytes).toString('base64url')}`;
}

async function completeAuthority(commonName: string, found: SecretValues, now: Date): Promise<SecretValues> {
  const bundle = found['ca.crt'] ?? '';
  if (found['ca.key'] && !isDue(bundle, AUTHORITY_LIFETIME, now)) return found;
  const { certPem, keyPem } = await createAuthority(commonName, validityFrom(now, AUTHORITY_LIFETIME));
  // The servers keep the certificates that the previous authority signed, so it stays trusted until its end.
  const trusted = certificatesOf(bundle).filter((pem) => !hasEnded(pem, now));
  return { 'ca.crt': [certPem, ...trusted].map((pem) => `${pem.trim()}\n`).join(''), 'ca.key': keyPem };
}

type WantedCertificate = Extract<WantedSecret, { kind: 'certificate' }>;

async function completeCertificate(
  { dnsNames, commonName }: WantedCertificate,
  found: SecretValues,
  { authority, now }: { authority: SecretValues; now: Date },
): Promise<SecretValues> {
  const bundle = authority['ca.crt'] ?? '';
  const present: KeyPair = { certPem: found['tls.crt'] ?? '', keyPem: found['tls.key'] ?? '' };
  if (!isDue(present.certPem, SERVER_LIFETIME, now) && fits(present, bundle, dnsNames)) {
    return { ...found, 'ca.crt': bundle };
  }
  const [issuer = ''] = certificatesOf(bundle);
  const made = await createServerCertificate(
    { certPem: issuer, keyPem: authority['ca.key'] ?? '' },
    { commonName, dnsNames, ...validityFrom(now, SERVER_LIFETIME) },
  );
  return { 'tls.crt': made.certPem, 'tls.key': made.keyPem, 'ca.crt': bundle };
}
