import type { Cases } from './case.ts';
import { dev } from './case.ts';

const server = { host: 'db.example.com', credentialsSecretRef: { name: 'admin' } };
const external = (more: Readonly<Record<string, unknown>>) => dev({ database: { external: { ...server, ...more } } });
const inCluster = (settings: Readonly<Record<string, unknown>>) => dev({ database: { inCluster: settings } });

export const dataCases: Cases = {
  accepted: [
    ['a database in the cluster', inCluster({})],
    [
      'with a size',
      inCluster({ storageSize: '20Gi', storageClassName: 'fast', resources: { limits: { memory: '4Gi' } } }),
    ],
    ['an external database', external({})],
    [
      'with all fields',
      external({
        port: 6432,
        name: 'genai_prod',
        tls: { caSecretRef: { name: 'ca', key: 'ca.crt' } },
        networks: ['10.0.0.0/16', 'fd00::/8'],
      }),
    ],
    ['an external database by address', external({ host: '10.0.0.12' })],
    ['a cache in the cluster', dev({ cache: { inCluster: { storageSize: '2Gi' } } })],
    [
      'an external cache',
      dev({ cache: { external: { host: 'cache.example.com', credentialsSecretRef: { name: 'cache' }, port: 6380 } } }),
    ],
  ],
  rejected: [
    ['no kind of database', dev({ database: {} }), 'give exactly one of inCluster, external'],
    [
      'two kinds of database',
      dev({ database: { inCluster: {}, external: server } }),
      'give exactly one of inCluster, external',
    ],
    [
      'two kinds of cache',
      dev({ cache: { inCluster: {}, external: server } }),
      'give exactly one of inCluster, external',
    ],
    ['an unknown kind of database', dev({ database: { managed: {} } }), 'unknown field "spec.database.managed"'],
    ['no host', dev({ database: { external: { credentialsSecretRef: { name: 'a' } } } }), 'host: Required value'],
    ['no credentials', dev({ database: { external: { host: 'db' } } }), 'credentialsSecretRef: Required value'],
    ['a host with a scheme', external({ host: 'postgres://db' }), 'must be a host name'],
    ['a host with a port', external({ host: 'db:5432' }), 'must be a host name'],
    ['a host in capitals', external({ host: 'DB.example.com' }), 'must be a host name'],
    ['a port of zero', external({ port: 0 }), 'should be greater than or equal to 1'],
    ['a port beyond all', external({ port: 65_536 }), 'should be less than or equal to 65535'],
    [
      'a database with a dash',
      external({ name: 'gen-ai' }),
      'must be the name of a database: lower case letters, digits and "_"',
    ],
    [
      'a network without a mask',
      external({ networks: ['10.0.0.0'] }),
      'must be a network in CIDR notation, for example 10.0.0.0/16',
    ],
    ['a network with a wrong mask', external({ networks: ['10.0.0.0/33'] }), 'must be a network in CIDR notation'],
    ['no networks', external({ networks: [] }), 'should have at least 1 items'],
    [
      'an authority without a key',
      external({ tls: { caSecretRef: { name: 'ca' } } }),
      'caSecretRef.key: Required value',
    ],
    ['TLS switched off', external({ tls: { mode: 'disable' } }), 'unknown field'],
    [
      'a size that is no quantity',
      inCluster({ storageSize: 'big' }),
      'must be a quantity greater than zero, for example 10Gi',
    ],
    ['a size of zero', inCluster({ storageSize: '0Gi' }), 'must be a quantity greater than zero'],
    [
      'a storage class with a wrong name',
      inCluster({ storageClassName: 'Fast SSD' }),
      'must be the name of a Kubernetes object',
    ],
    ['replicas of the database', inCluster({ replicas: 3 }), 'unknown field'],
    [
      'more memory requested than allowed',
      inCluster({ resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } }),
      'the request of memory must not exceed its limit',
    ],
  ],
};
