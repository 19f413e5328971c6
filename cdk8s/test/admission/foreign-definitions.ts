/**
 * The parts of kinds of others that are used, strict in what they take and with the defaults that they fill in. Written after
 * https://gateway-api.sigs.k8s.io/reference/spec/#httproute,
 * https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate and
 * https://external-secrets.io/latest/api/spec/#external-secrets.io/v1.ExternalSecret
 */
const text = { type: 'string' };
const object = (properties: object, required: string[] = []): object => ({ type: 'object', properties, required });
const list = (items: object): object => ({ type: 'array', items });

const routeSpec = object({
  hostnames: list(text),
  parentRefs: list(object({ group: text, kind: text, name: text, namespace: text, sectionName: text }, ['name'])),
  rules: list(
    object({
      matches: list(object({ path: object({ type: { enum: ['Exact', 'PathPrefix'], ...text }, value: text }) })),
      backendRefs: list(
        object({ group: text, kind: text, name: text, port: { type: 'integer' }, weight: { type: 'integer' } }, [
          'name',
        ]),
      ),
    }),
  ),
});

const certificateSpec = object(
  {
    secretName: text,
    dnsNames: list(text),
    usages: list({ enum: ['digital signature', 'key encipherment', 'server auth'], ...text }),
    privateKey: object({
      algorithm: { enum: ['RSA', 'ECDSA', 'Ed25519'], ...text },
      size: { type: 'integer' },
      rotationPolicy: { enum: ['Never', 'Always'], ...text },
    }),
    issuerRef: object({ name: text, kind: text, group: text }, ['name']),
  },
  ['secretName', 'issuerRef'],
);

const oneOf = (...names: string[]): object => ({ enum: names, ...text });
const defaulted = (value: string, ...others: string[]): object => ({ default: value, ...oneOf(value, ...others) });
const remoteRef = object(
  {
    ...{ key: text, property: text, version: text },
    conversionStrategy: defaulted('Default', 'Unicode'),
    decodingStrategy: defaulted('None', 'Auto', 'Base64', 'Base64URL'),
    metadataPolicy: defaulted('None', 'Fetch'),
  },
  ['key'],
);
const externalSecretSpec = object({
  secretStoreRef: object({ name: text, kind: oneOf('SecretStore', 'ClusterSecretStore') }),
  refreshInterval: text,
  target: object({
    name: text,
    creationPolicy: oneOf('Owner', 'Orphan', 'Merge', 'None', 'CreateOrMerge'),
    deletionPolicy: oneOf('Delete', 'Merge', 'Retain'),
    template: object({
      engineVersion: defaulted('v2'),
      mergePolicy: defaulted('Replace', 'Merge'),
      type: text,
      metadata: object({ labels: { type: 'object', additionalProperties: text } }),
    }),
  }),
  data: list(object({ secretKey: text, remoteRef }, ['remoteRef', 'secretKey'])),
  dataFrom: list(object({ extract: remoteRef })),
});

function definition(group: string, names: { kind: string; plural: string }, spec: object): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${names.plural}.${group}`,
      // The API server asks for it of every definition under k8s.io.
      annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/891' },
    },
    spec: {
      group,
      names,
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: object({ spec }) } }],
    },
  };
}

export const foreignDefinitions: readonly object[] = [
  definition('gateway.networking.k8s.io', { kind: 'HTTPRoute', plural: 'httproutes' }, routeSpec),
  definition('cert-manager.io', { kind: 'Certificate', plural: 'certificates' }, certificateSpec),
  definition('external-secrets.io', { kind: 'ExternalSecret', plural: 'externalsecrets' }, externalSecretSpec),
];
