import type { ExternalSecretSettings } from '@genai-platform/crds';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { objectLabels } from '../labels.ts';
import type { Settings } from '../settings/settings.ts';

const usualInterval = '1h';

/** What has external-secrets bring Secrets from a store. https://external-secrets.io/latest/api/externalsecret/ */
export class ExternalSecretsStage extends Construct {
  constructor(scope: Construct, { platform, spec }: Settings) {
    super(scope, 'external-secrets');
    for (const wanted of spec.secrets?.externalSecrets ?? []) {
      new ApiObject(this, wanted.name, {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: { name: wanted.name, labels: objectLabels(platform) },
        spec: specOf(platform, wanted),
      });
    }
  }
}

/**
 * The Secret goes with its ExternalSecret, and stays while an entry of the store is gone. It has a template so that it
 * carries labels of its own: without one external-secrets copies those of the ExternalSecret, which say whose object it is.
 */
function specOf(platform: string, { name, secretStoreRef, ...wanted }: ExternalSecretSettings): object {
  const labels = { 'app.kubernetes.io/part-of': 'genai-platform', 'app.kubernetes.io/instance': platform };
  return {
    secretStoreRef: { name: secretStoreRef.name, kind: secretStoreRef.kind ?? 'SecretStore' },
    refreshInterval: wanted.refreshInterval ?? usualInterval,
    target: {
      name,
      creationPolicy: 'Owner',
      deletionPolicy: 'Retain',
      template: { type: wanted.type ?? 'Opaque', metadata: { labels } },
    },
    // The order of the keys means nothing, and of entries that are taken as a whole the last one wins.
    ...(wanted.data && { data: wanted.data.toSorted((a, b) => (a.secretKey < b.secretKey ? -1 : 1)) }),
    ...(wanted.dataFrom && { dataFrom: wanted.dataFrom }),
  };
}
