import 'reflect-metadata'; // @peculiar/x509 resolves its parts through it and throws at import without it
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and the private key that belongs to it, both PEM. */
export interface KeyPair {
  readonly certPem: string;
  readonly keyPem: string;
}

/** From when to when a certificate is to be valid. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What a server's certificate says. */
export interface ServerCertificateRequest extends Validity {
  /** For people who read the certificate; clients read `dnsNames` only (RFC 6125). */
  readonly commonName: string;
  /** The names under which clients reach the server. */
  readonly dnsNames: readonly string[];
}

// P-256 is what every TLS library in the platform speaks, and a handshake costs a tenth of RSA 3072.
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const KEY_USES: webcrypto.KeyUsage[] = ['sign', 'verify'];

/** Makes a self-signed authority (RFC 5280) that may sign servers but no further authority. */
export async function createAuthority(commonName: string, { notBefore, notAfter }: Validity): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, KEY_USES);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    notBefore,
    notAfter,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certPem: certificate.toString('pem'), keyPem: await exportKey(keys.privateKey) };
}

/** Makes a new key and has the authority sign a server certificate for it. */
export async function createServerCertificate(authority: KeyPair, request: ServerCertificateRequest): Promise<KeyPair> {
  const issuer = new X509Certificate(authority.certPem);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, KEY_USES);
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [request.commonName.slice(0, 64)] }], // the bound of X.520
    issuer: issuer.subject,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.keyPem),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(request.dnsNames.map((value) => ({ type: 'dns', value }))),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certPem: certificate.toString('pem'), keyPem: await exportKey(keys.privateKey) };
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), ALGORITHM, false, ['sign']);
}
