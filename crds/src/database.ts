import { z } from 'zod';
import { externalFields, externalPort } from './external.ts';
import { resources } from './resources.ts';
import { scheduling } from './scheduling.ts';
import { secretReference } from './schema/references.ts';
import { withRules } from './schema/rule.ts';
import { text } from './schema/text.ts';
import { immutableStorageClass, storageFields } from './storage.ts';

const inCluster = withRules(
  z.object({ ...storageFields, resources: resources.optional(), ...scheduling }),
  immutableStorageClass,
);

const external = z.object({
  ...externalFields,
  port: externalPort(5432),
  name: text({
    max: 63,
    pattern: /^[a-z_][a-z0-9_]*$/,
    message: 'must be the name of a database: lower case letters, digits and "_"',
  })
    .describe('Name of an existing, empty database for this platform alone. Default `genai`.')
    .optional(),
  credentialsSecretRef: secretReference().describe(
    'Secret with the keys `username` and `password` of a role that may create roles, and schemas in that database. ' +
      'The operator makes one login role per service with it; the services never see it.',
  ),
});

export const database = withRules(
  z.object({
    inCluster: inCluster.describe('PostgreSQL 17 with pgvector as a StatefulSet.').optional(),
    external: external.describe('A PostgreSQL server with pgvector that exists already, for example RDS.').optional(),
  }),
  {
    rule: 'has(self.inCluster) != has(self.external)',
    message: 'give exactly one of inCluster, external',
  },
);

export type Database = z.infer<typeof database>;
export type InClusterDatabase = z.infer<typeof inCluster>;
export type ExternalDatabase = z.infer<typeof external>;
