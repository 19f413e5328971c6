import { X509Certificate } from 'node:crypto';
import { createServer, connect } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { createAuthority, createServerCertificate } from '../../../src/platform/certificates/certificate-authority.ts';
import type { KeyPair } from '../../../src/platform/certificates/certificate-authority.ts';
import {
  AUTHORITY_LIFETIME,
  SERVER_LIFETIME,
  fits,
  hasEnded,
  isDue,
  validityFrom,
} from '../../../src/platform/certificates/renewal.ts';

const NAMES = ['acme-postgres.acme.svc', 'acme-postgres'];
const now = new Date();
const after = (days: number): Date => new Date(now.getTime() + days * 24 * 60 * 60 * 1000);

let authority: KeyPair;
let server: KeyPair;

beforeAll(async () => {
  authority = await createAuthority('acme', validityFrom(now, AUTHORITY_LIFETIME));
  server = await createServerCertificate(authority, {
    commonName: 'acme-postgres',
    dnsNames: NAMES,
    ...validityFrom(now, SERVER_LIFETIME),
  });
});

/** Opens a TLS connection that verifies the server's chain and name, and says how that ended. */
async function handshake(pair: KeyPair, ca: string, name: string): Promise<string> {
  const listener = createServer({ cert: pair.certPem, key: pair.keyPem }, (socket) => socket.end()).listen(0);
  const { port } = listener.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, ca, servername: name }, () => resolve('trusted'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  } finally {
    listener.close();
  }
}

test('a client that trusts the authority accepts the server under each of its names', async () => {
  expect(await handshake(server, authority.certPem, 'acme-postgres.acme.svc')).toBe('trusted');
  expect(await handshake(server, authority.certPem, 'acme-postgres')).toBe('trusted');
});

test('a client refuses the server under another name, and under another authority', async () => {
  const other = await createAuthority('other', validityFrom(now, AUTHORITY_LIFETIME));
  expect(await handshake(server, authority.certPem, 'acme-cache')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await handshake(server, other.certPem, 'acme-postgres')).not.toBe('trusted');
});

test('the server certificate cannot sign anything', () => {
  expect(new X509Certificate(server.certPem).ca).toBe(false);
  expect(new X509Certificate(authority.certPem).ca).toBe(true);
});

test('certificates are due months before they end', () => {
  expect(isDue(server.certPem, SERVER_LIFETIME, now)).toBe(false);
  expect(isDue(server.certPem, SERVER_LIFETIME, after(244))).toBe(false);
  expect(isDue(server.certPem, SERVER_LIFETIME, after(246))).toBe(true);
  expect(isDue(authority.certPem, AUTHORITY_LIFETIME, after(2919))).toBe(false);
  expect(isDue(authority.certPem, AUTHORITY_LIFETIME, after(2921))).toBe(true);
  expect(hasEnded(server.certPem, after(364))).toBe(false);
  expect(hasEnded(server.certPem, after(366))).toBe(true);
});

test('an emptied or edited certificate is due', () => {
  expect(isDue('', SERVER_LIFETIME, now)).toBe(true);
  expect(isDue(server.certPem.replace('MII', 'XXX'), SERVER_LIFETIME, now)).toBe(true);
});

test('a certificate fits only its own authority, key and names', async () => {
  const other = await createAuthority('acme', validityFrom(now, AUTHORITY_LIFETIME));
  expect(fits(server, authority.certPem, NAMES)).toBe(true);
  expect(fits(server, other.certPem, NAMES)).toBe(false);
  expect(fits({ ...server, keyPem: '' }, authority.certPem, NAMES)).toBe(false);
  expect(fits(server, `${other.certPem}\n${authority.certPem}`, NAMES)).toBe(true);
  expect(fits({ ...server, keyPem: authority.keyPem }, authority.certPem, NAMES)).toBe(false);
  expect(fits(server, authority.certPem, ['acme-postgres-replica'])).toBe(false);
});
