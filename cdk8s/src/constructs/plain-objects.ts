import type { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';

/** Names and labels of an object; the namespace is the chart's. */
export interface Named {
  readonly name: string;
  readonly labels: Record<string, string>;
}

/** Values as they are, not as `stringData`: that field is never read back, and drift could not be seen. */
export function secret(scope: Construct, metadata: Named, values: Readonly<Record<string, string>>): void {
  const encoded = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  const data = Object.fromEntries(encoded) as Record<string, string>;
  new k8s.KubeSecret(scope, `secret-${metadata.name}`, { metadata, type: 'Opaque', data });
}

export function configMap(scope: Construct, metadata: Named, data: Readonly<Record<string, string>>): void {
  new k8s.KubeConfigMap(scope, `config-map-${metadata.name}`, { metadata, data: { ...data } });
}

/** An identity without rights and without a token; a service gets rights by its name, for example in a cloud. */
export function serviceAccount(scope: Construct, metadata: Named): void {
  new k8s.KubeServiceAccount(scope, `service-account-${metadata.name}`, {
    metadata,
    automountServiceAccountToken: false,
  });
}
