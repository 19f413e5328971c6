import { z } from 'zod';
import type { Rule } from './schema/rule.ts';
import { externalSecrets } from './secrets/external-secret.ts';
import { givenFields } from './secrets/given-secrets.ts';

const rotation = z.object({
  intervalDays: z
    .int()
    .min(1)
    .max(3_650)
    .describe(
      'Age in days at which the generated passwords of the database and the cache are replaced, without a failed request. ' +
        'Default: never by itself. A new value of the annotation `genaiplatform.io/rotate-credentials` does it at once.',
    )
    .optional(),
});

export const secrets = z.object({
  rotation: rotation
    .describe('When generated passwords are replaced; those that are given change when their Secret does.')
    .optional(),
  ...givenFields,
  externalSecrets: externalSecrets
    .describe('Secrets that external-secrets brings from a store. Any field that names a Secret can name one of them.')
    .optional(),
});

const given = (field: string): string => `has(self.secrets) && has(self.secrets.${field})`;
const external = (server: string): string => `has(self.${server}) && has(self.${server}.external)`;

/** Who logs in to a server outside the cluster is said where the server is; the operator makes no users there. */
export const givenToOwnServers: readonly Rule[] = [
  {
    rule: `!(${given('databaseAdmin')} && ${external('database')})`,
    message: 'of an external database the administrator is in database.external.credentialsSecretRef: remove this',
    fieldPath: '.secrets.databaseAdmin',
    reason: 'FieldValueForbidden',
  },
  {
    rule: `!(${given('cacheLogins')} && ${external('cache')})`,
    message: 'of an external cache the login is in cache.external.credentialsSecretRef: remove this',
    fieldPath: '.secrets.cacheLogins',
    reason: 'FieldValueForbidden',
  },
];

export type SecretsSettings = z.infer<typeof secrets>;
