import type { WrittenSpec } from './case.ts';
import { dev } from './case.ts';

type Change = readonly [what: string, before: WrittenSpec, after: WrittenSpec];

const external = dev({ database: { external: { host: 'db', credentialsSecretRef: { name: 'a' } } } });
const sized = (storageSize: unknown, more: Readonly<Record<string, unknown>> = {}) =>
  dev({ database: { inCluster: { storageSize, ...more } } });
const cacheSized = (storageSize: string) => dev({ cache: { inCluster: { storageSize } } });

const stays = 'database cannot change between inCluster and external: the data would stay behind';
const grows = 'the volume of the database can only grow';
const classStays = 'storageClassName cannot be changed';

/** Changes of a platform that exists and that are taken. */
export const taken: readonly Change[] = [
  ['a larger profile', { profile: 'dev' }, { profile: 'production' }],
  ['a larger volume', sized('10Gi'), sized('20Gi')],
  ['the same volume in another notation', sized('10Gi'), sized('10240Mi')],
  ['saying what the profile says', { profile: 'dev' }, sized('5Gi')],
  ['saying no more what the profile says', sized('5Gi'), { profile: 'dev' }],
  [
    'a smaller profile that keeps the volume',
    { profile: 'staging' },
    { ...sized('20Gi'), cache: { inCluster: { storageSize: '2Gi' } } },
  ],
  ['inCluster written out', { profile: 'dev' }, dev({ database: { inCluster: {} } })],
  [
    'another external host',
    external,
    dev({ database: { external: { host: 'db2', credentialsSecretRef: { name: 'a' } } } }),
  ],
  [
    'a cache moved out of the cluster',
    { profile: 'dev' },
    dev({ cache: { external: { host: 'c', credentialsSecretRef: { name: 'a' } } } }),
  ],
  ['a larger cache', cacheSized('1Gi'), cacheSized('3Gi')],
  ['the same storage class', sized('10Gi', { storageClassName: 'fast' }), sized('20Gi', { storageClassName: 'fast' })],
];

/** Changes that are refused, with the message. */
export const refused: readonly (readonly [...Change, message: string])[] = [
  ['a database moved out of the cluster', { profile: 'dev' }, external, stays],
  ['a database moved into the cluster', external, { profile: 'dev' }, stays],
  ['a database moved into the cluster, written out', external, dev({ database: { inCluster: {} } }), stays],
  ['a smaller volume', sized('20Gi'), sized('10Gi'), grows],
  ['a volume below that of the profile', { profile: 'dev' }, sized('1Gi'), grows],
  ['a volume back to a smaller default', sized('20Gi'), { profile: 'dev' }, grows],
  ['a smaller profile', { profile: 'production' }, { profile: 'dev' }, grows],
  ['a smaller cache', cacheSized('3Gi'), cacheSized('2Gi'), 'the volume of the cache can only grow'],
  [
    'another storage class',
    sized('10Gi', { storageClassName: 'a' }),
    sized('10Gi', { storageClassName: 'b' }),
    classStays,
  ],
  ['a storage class named later', sized('10Gi'), sized('10Gi', { storageClassName: 'b' }), classStays],
];
