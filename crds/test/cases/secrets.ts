import type { Cases } from './case.ts';
import { dev } from './case.ts';

const secretRef = { name: 'keys' };
const store = { name: 'vault', kind: 'ClusterSecretStore' };
const data = [{ secretKey: 'password', remoteRef: { key: 'prod/db', property: 'password' } }];
const external = { host: 'db.example.com', credentialsSecretRef: { name: 'login' } };

export const secretCases: Cases = {
  accepted: [
    [
      'every secret from the user',
      dev({
        secrets: {
          identity: { secretRef: { name: 'keys', key: 'identity' } },
          authKeys: { secretRef: { name: 'keys', key: 'auth' } },
          bootstrapAdmin: { secretRef: { name: 'admin', apiKeyKey: 'key', passwordKey: 'word' } },
          databaseAdmin: { secretRef },
          databaseLogins: { search: { secretRef }, formatConversion: { secretRef: { name: 'keys', key: 'convert' } } },
          cacheLogins: { gateway: { secretRef } },
        },
      }),
    ],
    [
      'Secrets from a store',
      dev({
        secrets: {
          externalSecrets: [
            { name: 'keys', secretStoreRef: store, refreshInterval: '15m', data },
            { name: 'tls', secretStoreRef: { name: 'vault' }, type: 'kubernetes.io/tls', dataFrom: [{ extract: { key: 'prod/tls' } }] }, // prettier-ignore
          ],
        },
      }),
    ],
    ['logins at an external database', dev({ database: { external }, secrets: { databaseLogins: { search: { secretRef } } } })], // prettier-ignore
  ],
  rejected: [
    [
      'the administrator of an external database in two places',
      dev({ database: { external }, secrets: { databaseAdmin: { secretRef } } }),
      'spec.secrets.databaseAdmin: Forbidden: of an external database the administrator is in database.external.credentialsSecretRef',
    ],
    [
      'logins of an external cache in two places',
      dev({ cache: { external }, secrets: { cacheLogins: { gateway: { secretRef } } } }),
      'spec.secrets.cacheLogins: Forbidden: of an external cache the login is in cache.external.credentialsSecretRef',
    ],
    [
      'a workload that has no login',
      dev({ secrets: { databaseLogins: { gateway: { secretRef } } } }),
      'unknown field "spec.secrets.databaseLogins.gateway"',
    ],
    [
      'a Secret from a store without anything in it',
      dev({ secrets: { externalSecrets: [{ name: 'keys', secretStoreRef: store }] } }),
      'give data, dataFrom or both',
    ],
    [
      'two Secrets from a store with one name',
      dev({ secrets: { externalSecrets: [1, 2].map(() => ({ name: 'keys', secretStoreRef: store, data })) } }),
      'Duplicate value',
    ],
    [
      'a store of another kind',
      dev({ secrets: { externalSecrets: [{ name: 'keys', secretStoreRef: { name: 'a', kind: 'Vault' }, data }] } }),
      'Unsupported value: "Vault"',
    ],
    [
      'a store that is asked too often',
      dev({ secrets: { externalSecrets: [{ name: 'keys', secretStoreRef: store, refreshInterval: '1s', data }] } }),
      'must be from 10s to 8760h',
    ],
    ['a value that comes from nowhere', dev({ secrets: { identity: {} } }), 'spec.secrets.identity.secretRef: Required value'], // prettier-ignore
  ],
};
