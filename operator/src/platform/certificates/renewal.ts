import { X509Certificate, createHash, createPrivateKey } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { KeyPair } from './certificate-authority.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a kind of certificate lives, and how long before its end it is replaced. */
export interface Lifetime {
  readonly validMs: number;
  readonly renewBeforeMs: number;
}

/** Both lead times leave months in which an operator that is not running does no harm. */
export const AUTHORITY_LIFETIME: Lifetime = { validMs: 3650 * DAY_MS, renewBeforeMs: 730 * DAY_MS };
export const SERVER_LIFETIME: Lifetime = { validMs: 365 * DAY_MS, renewBeforeMs: 120 * DAY_MS };

// Clocks of nodes differ a little: a certificate is already valid for a node that is behind.
const CLOCK_SKEW_MS = 60 * 60 * 1000;

/** The validity of a certificate that is made now. */
export function validityFrom(now: Date, { validMs }: Lifetime): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - CLOCK_SKEW_MS), notAfter: new Date(now.getTime() + validMs) };
}

/**
 * What was found out of certificates, by digest: reading and verifying them would be a sixth of what a look at a platform
 * at rest costs, and the same ones always say the same.
 */
const REMEMBERED = 10_000;
const ends = new LRUCache<string, number>({ max: REMEMBERED });
const fitting = new LRUCache<string, boolean>({ max: REMEMBERED });

/** Whether a certificate (PEM) must be replaced by now: its end is near, or it cannot be read at all. */
export function isDue(certPem: string, lifetime: Lifetime, now: Date): boolean {
  return endOf(certPem) - lifetime.renewBeforeMs <= now.getTime();
}

/** Whether a certificate has ended, or cannot be read at all. */
export function hasEnded(certPem: string, now: Date): boolean {
  return endOf(certPem) <= now.getTime();
}

/**
 * Whether `server` was signed by one of the authorities of the bundle, fits its own key and answers to every name.
 * An authority that was replaced stays in the bundle, so that its servers' certificates stay good until they are due.
 */
export function fits(server: KeyPair, bundlePem: string, dnsNames: readonly string[]): boolean {
  const asked = [server.certPem, server.keyPem, bundlePem, ...dnsNames];
  return remembered(fitting, asked, () => isFitting(server, bundlePem, dnsNames));
}

function isFitting(server: KeyPair, bundlePem: string, dnsNames: readonly string[]): boolean {
  const certificate = parse(server.certPem);
  if (certificate === undefined) return false;
  const issuers = certificatesOf(bundlePem).map((pem) => parse(pem)?.publicKey);
  const names = (certificate.subjectAltName ?? '').split(', ');
  return (
    issuers.some((key) => key !== undefined && certificate.verify(key)) &&
    belongsTo(certificate, server.keyPem) &&
    dnsNames.every((name) => names.includes(`DNS:${name}`))
  );
}

/** The single certificates of a PEM bundle, in order. */
export function certificatesOf(bundlePem: string): string[] {
  return bundlePem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

/** In milliseconds since 1970; before all times where the certificate cannot be read. */
function endOf(certPem: string): number {
  return remembered(ends, [certPem], () => parse(certPem)?.validToDate.getTime() ?? -Infinity);
}

function remembered<T extends boolean | number>(
  known: LRUCache<string, T>,
  asked: readonly string[],
  find: () => T,
): T {
  const digest = createHash('sha256').update(JSON.stringify(asked)).digest('base64');
  const found = known.get(digest) ?? find();
  known.set(digest, found);
  return found;
}

function belongsTo(certificate: X509Certificate, keyPem: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    return false;
  }
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // an edited or emptied Secret: the same as no certificate
  }
}
