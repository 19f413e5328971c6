import { webcrypto } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
// The certificate library resolves its own parts with decorators' metadata.
import 'reflect-metadata';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import type { X509Certificate } from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const tenYearsMs = 10 * 365 * 24 * 60 * 60 * 1000;

/** Writes ca.crt, tls.crt and tls.key for servers on this machine's loopback address. The authority's key is forgotten. */
export async function writeLoopbackCertificate(directory: string): Promise<void> {
  const authority = await newKeys();
  const server = await newKeys();
  const validity = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + tenYearsMs) };
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: 'CN=genai-platform local databases',
    keys: authority,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    subject: 'CN=localhost',
    issuer: ca.subject,
    publicKey: server.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  await writeFiles(directory, ca, certificate, server.privateKey);
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function writeFiles(
  directory: string,
  ca: X509Certificate,
  certificate: X509Certificate,
  key: webcrypto.CryptoKey,
): Promise<void> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g) ?? [];
  await writeFile(join(directory, 'ca.crt'), `${ca.toString('pem')}\n`);
  await writeFile(join(directory, 'tls.crt'), `${certificate.toString('pem')}\n`);
  const pem = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
  await writeFile(join(directory, 'tls.key'), pem, { mode: 0o600 });
}
