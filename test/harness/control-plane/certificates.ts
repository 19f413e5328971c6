import 'reflect-metadata'; // @peculiar/x509 refuses to load without it.
import { generateKeyPairSync, webcrypto, type webcrypto as WebCrypto } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** A client's certificate and key, as PEM. */
export interface ClientCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/** All that a control plane proves itself and its clients with. */
export interface Certificates {
  readonly caPem: string;
  readonly server: ClientCertificate;
  readonly serviceAccountKeyPem: string;
  readonly clients: {
    readonly admin: ClientCertificate;
    readonly controllerManager: ClientCertificate;
    readonly scheduler: ClientCertificate;
  };
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const lifetimeMs = 24 * 60 * 60 * 1000;

/** Makes a certificate authority, and with it the API server's and each client's certificate, valid for a day. */
export async function createCertificates(): Promise<Certificates> {
  const ca = await createAuthority();
  return {
    caPem: ca.certificate.toString('pem'),
    server: await issueServer(ca),
    serviceAccountKeyPem: createServiceAccountKey(),
    clients: {
      // A member of system:masters may do everything, whatever RBAC says.
      admin: await issueClient(ca, 'CN=admin, O=system:masters'),
      controllerManager: await issueClient(ca, 'CN=system:kube-controller-manager'),
      scheduler: await issueClient(ca, 'CN=system:kube-scheduler'),
    },
  };
}

/** Writes what the components are given as files. */
export async function writeCertificates(directory: string, certificates: Certificates): Promise<void> {
  const files = {
    'ca.crt': certificates.caPem,
    'server.crt': certificates.server.certPem,
    'server.key': certificates.server.keyPem,
    'service-account.key': certificates.serviceAccountKeyPem,
  };
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text, { mode: 0o600 })),
  );
}

/** In the SEC 1 form: kube-apiserver takes the public key out of that one, but not out of PKCS #8. */
function createServiceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly keys: WebCrypto.CryptoKeyPair;
}

async function createAuthority(): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: 'CN=control-plane-ca',
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificate, keys };
}

function issueServer(ca: Authority): Promise<ClientCertificate> {
  const names = [
    { type: 'ip' as const, value: '127.0.0.1' },
    { type: 'dns' as const, value: 'localhost' },
    { type: 'dns' as const, value: 'kubernetes.default.svc' },
  ];
  return issue(ca, 'CN=kube-apiserver', [
    new x509.SubjectAlternativeNameExtension(names),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
  ]);
}

function issueClient(ca: Authority, subject: string): Promise<ClientCertificate> {
  return issue(ca, subject, [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]);
}

async function issue(ca: Authority, subject: string, extensions: x509.Extension[]): Promise<ClientCertificate> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(),
    subject,
    issuer: ca.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: ca.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions,
  });
  return { certPem: certificate.toString('pem'), keyPem: await privateKeyPem(keys) };
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 60_000), notAfter: new Date(now + lifetimeMs) };
}

function generateKeys(): Promise<WebCrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function privateKeyPem(keys: WebCrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
}
