import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from '@genai-platform/cdk8s';
import { Mounts, writeMounts } from '../mounts.ts';
import type { Pod } from '../pod.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const objects: KubernetesObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login', namespace: 'n' },
    data: { username: base64('search_g1'), password: base64('pass') },
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bundle', namespace: 'n' }, data: { 'ca.crt': 'PEM' } },
];

const pod: Pod = {
  containers: [
    {
      name: 'search',
      image: 'i',
      volumeMounts: [
        { name: 'login', mountPath: '/var/run/secrets/database' },
        { name: 'one', mountPath: '/var/run/secrets/database-one' },
        { name: 'ca', mountPath: '/var/run/secrets/database/ca' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    },
  ],
  volumes: [
    { name: 'login', secret: { secretName: 'login' } },
    { name: 'one', secret: { secretName: 'login', items: [{ key: 'password', path: 'secret.txt' }] } },
    { name: 'ca', configMap: { name: 'bundle' } },
    { name: 'tmp' },
  ],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mounts-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('Secrets and ConfigMaps are where the environment points after it was localised', async () => {
  const mounts = await writeMounts(pod, objects, folder);
  const read = (path: string): string => readFileSync(mounts.localise(path), 'utf8');
  expect(read('/var/run/secrets/database/username')).toBe('search_g1');
  expect(read('/var/run/secrets/database/ca/ca.crt')).toBe('PEM');
  expect(read('/var/run/secrets/database-one/secret.txt')).toBe('pass');
});

test('nobody else may read them', async () => {
  const mounts = await writeMounts(pod, objects, folder);
  expect(statSync(mounts.localise('/var/run/secrets/database/password')).mode & 0o077).toBe(0);
});

test('a volume that starts empty is a folder of its own', async () => {
  const mounts = await writeMounts(pod, objects, folder);
  expect(statSync(mounts.localise('/tmp')).isDirectory()).toBe(true);
  expect(mounts.localise('/tmp')).not.toBe('/tmp');
});

test('written again they hold what is rendered now, and nothing of before', async () => {
  await writeMounts(pod, objects, folder);
  const changed = objects.map((object) =>
    object.kind === 'Secret' ? { ...object, data: { username: base64('g2') } } : object,
  );
  const mounts = await writeMounts(pod, changed, folder);
  expect(readFileSync(mounts.localise('/var/run/secrets/database/username'), 'utf8')).toBe('g2');
  expect(() => readFileSync(mounts.localise('/var/run/secrets/database/password'))).toThrow('ENOENT');
});

test('a Secret that is mounted but not rendered is named', async () => {
  await expect(writeMounts(pod, objects.slice(1), folder)).rejects.toThrow(
    'mounts Secret login, which is not rendered',
  );
});

test.each([
  ['hba_file=/etc/pg/hba.conf', 'hba_file=/here/pg/hba.conf'],
  ['tls-cert-file /etc/pg', 'tls-cert-file /here/pg'],
  ['/etc/pgbouncer/x', '/etc/pgbouncer/x'],
  ['/usr/etc/pg/x', '/usr/etc/pg/x'],
  ['/etc/pg/a:/etc/pg/b', '/here/pg/a:/here/pg/b'],
])('of %s only whole paths are replaced', (text, expected) => {
  expect(new Mounts(new Map([['/etc/pg', '/here/pg']])).localise(text)).toBe(expected);
});
