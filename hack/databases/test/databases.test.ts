import { existsSync, readFileSync, statSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { databaseProgramsFile } from '@genai-platform/common/testing';
import { checkoutRoot } from '../../machine/checkout.ts';
import { ensureDatabases } from '../databases.ts';

test('says where the servers are, in its answer and in the file that the test kit reads', async () => {
  const programs = await ensureDatabases();
  expect(JSON.parse(readFileSync(join(checkoutRoot, databaseProgramsFile), 'utf8'))).toEqual(programs);
  expect(existsSync(join(programs.postgres.root, programs.postgres.binaries, 'postgres'))).toBe(true);
  expect(existsSync(join(programs.postgres.template, 'PG_VERSION'))).toBe(true);
  expect(existsSync(join(programs.valkey.root, programs.valkey.server))).toBe(true);
});

test('makes nothing again', async () => {
  const said: string[] = [];
  const { postgres } = await ensureDatabases();
  const file = (): number => statSync(join(postgres.template, 'PG_VERSION')).ino;
  const before = file();
  await ensureDatabases((what) => said.push(what));
  expect(said).toEqual([]);
  expect(file()).toBe(before);
});

test('the certificate of test servers is for this machine alone, and signed by the authority beside it', async () => {
  const { tls } = await ensureDatabases();
  const server = new X509Certificate(readFileSync(tls.certFile));
  const authority = new X509Certificate(readFileSync(tls.caFile));
  expect(server.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(authority.ca).toBe(true);
});
