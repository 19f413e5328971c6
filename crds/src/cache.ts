import { z } from 'zod';
import { externalFields, externalPort } from './external.ts';
import { resources } from './resources.ts';
import { scheduling } from './scheduling.ts';
import { secretReference } from './schema/references.ts';
import { withRules } from './schema/rule.ts';
import { immutableStorageClass, storageFields } from './storage.ts';

const inCluster = withRules(
  z.object({ ...storageFields, resources: resources.optional(), ...scheduling }),
  immutableStorageClass,
);

const external = z.object({
  ...externalFields,
  port: externalPort(6379),
  credentialsSecretRef: secretReference().describe(
    'Secret with the keys `username` and `password` of the user that the workloads log in as.',
  ),
});

export const cache = withRules(
  z.object({
    inCluster: inCluster.describe('Valkey as a StatefulSet.').optional(),
    external: external
      .describe('A server that speaks the Redis protocol and exists already, for example ElastiCache.')
      .optional(),
  }),
  {
    rule: 'has(self.inCluster) != has(self.external)',
    message: 'give exactly one of inCluster, external',
  },
);

export type Cache = z.infer<typeof cache>;
export type InClusterCache = z.infer<typeof inCluster>;
export type ExternalCache = z.infer<typeof external>;
