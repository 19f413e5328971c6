import type { Cases } from './case.ts';
import { dev } from './case.ts';

const secretRef = { name: 'keys' };
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
    ['a value that comes from nowhere', dev({ secrets: { identity: {} } }), 'spec.secrets.identity.secretRef: Required value'], // prettier-ignore
  ],
};
