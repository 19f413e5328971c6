import { z } from 'zod';
import { duration } from '../schema/duration.ts';
import { withMeta, withRules } from '../schema/rule.ts';
import { dataKey, objectName, text } from '../schema/text.ts';

const storeText = (max: number, what: string): z.ZodString =>
  text({ max, pattern: /^[^\s](.*[^\s])?$/, message: `must be ${what}, without spaces around it` });

const remoteFields = {
  key: storeText(512, 'the name of an entry of the store').describe('Name of the entry in the store.'),
  property: storeText(512, 'the name of a property').describe('Property of the entry. Default: all of it.').optional(),
  version: storeText(256, 'a version of the entry').describe('Version of the entry. Default: the latest.').optional(),
};

const entry = z.object({
  secretKey: dataKey().describe('Key inside the Secret.'),
  remoteRef: z.object(remoteFields).describe('Where its value is.'),
});

const bulk = z.object({
  extract: z.object(remoteFields).describe('An entry whose properties all become keys.'),
});

const storeReference = withMeta(
  z.object({
    name: objectName().describe('Name of the store.'),
    kind: z
      .enum(['SecretStore', 'ClusterSecretStore'])
      .describe('Kind of the store. Default `SecretStore`.')
      .optional(),
  }),
  { 'x-kubernetes-map-type': 'atomic' },
);

/** A Secret that external-secrets makes: https://external-secrets.io/latest/api/externalsecret/ */
const externalSecret = withRules(
  z.object({
    name: objectName().describe('Name of the Secret, and of the ExternalSecret that brings it.'),
    secretStoreRef: storeReference.describe('Where its values come from.'),
    refreshInterval: duration({ min: '10s', max: '8760h' })
      .describe('How often the store is asked again. Default `1h`.')
      .optional(),
    type: z
      .enum(['Opaque', 'kubernetes.io/tls', 'kubernetes.io/dockerconfigjson'])
      .describe('Type of the Secret. Default `Opaque`.')
      .optional(),
    data: withMeta(z.array(entry).min(1).max(64), {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['secretKey'],
    })
      .describe('Its keys, one by one.')
      .optional(),
    dataFrom: withMeta(z.array(bulk).min(1).max(16), { 'x-kubernetes-list-type': 'atomic' })
      .describe('Entries that are taken as a whole.')
      .optional(),
  }),
  { rule: 'has(self.data) || has(self.dataFrom)', message: 'give data, dataFrom or both' },
);

export const externalSecrets = withMeta(z.array(externalSecret).min(1).max(64), {
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
});

export type ExternalSecretSettings = z.infer<typeof externalSecret>;
