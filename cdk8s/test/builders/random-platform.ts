import type { PlatformInput } from '@genai-platform/cdk8s';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { imageNames, maxPlatformNameLength, profiles } from '@genai-platform/crds';
import fc from 'fast-check';

/** Each field present or not, and never `undefined`: the API server stores no such thing. */
function optional<T extends Record<string, fc.Arbitrary<unknown>>>(fields: T) {
  return fc.record(fields, { requiredKeys: [] });
}

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?$/);
const host = fc.tuple(label, label).map(([name, domain]) => `${name}.${domain}.example`);
const digest = fc.stringMatching(/^sha256:[a-f0-9]{64}$/);
const quantity = (unit: string, max: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max }).map((amount) => `${amount}${unit}`);
const list = <T>(item: fc.Arbitrary<T>, selector?: (item: T) => unknown): fc.Arbitrary<T[]> =>
  fc.uniqueArray(item, { minLength: 1, maxLength: 3, ...(selector && { selector }) });

const resources = fc
  .record({
    cpu: fc.tuple(quantity('m', 500), quantity('m', 500)),
    memory: fc.tuple(quantity('Mi', 500), quantity('Mi', 500)),
    given: fc.constantFrom('both', 'requests', 'limits'),
  })
  .map(({ cpu, memory, given }) => {
    const [low, high] = [0, 1].map((end) => ({ cpu: ordered(cpu)[end] ?? '', memory: ordered(memory)[end] ?? '' }));
    return { ...(given !== 'limits' && { requests: low }), ...(given !== 'requests' && { limits: high }) };
  });

function ordered(amounts: readonly [string, string]): string[] {
  return amounts.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

const toleration = fc.oneof(
  fc.record({ key: label, operator: fc.constant('Exists' as const) }),
  fc.record({ key: label, value: label, effect: fc.constantFrom('NoSchedule' as const, 'NoExecute' as const) }),
);

const requirement = fc.record({
  key: label,
  operator: fc.constantFrom('In' as const, 'NotIn' as const),
  values: list(label),
});
const podAffinityTerm = fc.record({
  topologyKey: fc.constant('kubernetes.io/hostname'),
  labelSelector: fc.record({
    matchLabels: fc.dictionary(label, label, { maxKeys: 2 }),
    matchExpressions: list(requirement),
  }),
});
const weight = fc.integer({ min: 1, max: 100 });
const preferredPods = fc.record({
  preferredDuringSchedulingIgnoredDuringExecution: list(fc.record({ weight, podAffinityTerm })),
});

const affinity = optional({
  nodeAffinity: fc.record({
    requiredDuringSchedulingIgnoredDuringExecution: fc.record({
      nodeSelectorTerms: list(fc.record({ matchExpressions: list(requirement) })),
    }),
  }),
  podAffinity: preferredPods,
  podAntiAffinity: preferredPods,
});

const scheduling = {
  nodeSelector: fc.dictionary(label, label, { maxKeys: 3 }),
  tolerations: list(toleration),
  affinity,
  priorityClassName: fc.constant('high'),
  annotations: fc.dictionary(label, fc.string({ maxLength: 20 }), { maxKeys: 3 }),
};

const variable = fc.oneof(
  fc.record({ name: fc.stringMatching(/^SETTING_[A-Z]{1,5}$/), value: fc.string({ maxLength: 20 }) }),
  fc.record({
    name: fc.stringMatching(/^SETTING_[A-Z]{1,5}$/),
    valueFrom: fc.record({ secretKeyRef: fc.record({ name: label, key: label }) }),
  }),
);

const workload = fc
  .tuple(
    optional({ resources, env: list(variable, ({ name }) => name), ...scheduling }),
    fc.oneof(
      fc.constant({}),
      fc.record({ replicas: fc.integer({ min: 1, max: 9 }) }),
      optional({
        minReplicas: fc.integer({ min: 1, max: 3 }),
        maxReplicas: fc.integer({ min: 3, max: 9 }),
        targetCPUUtilizationPercentage: fc.integer({ min: 10, max: 100 }),
      }).map((autoscaling) => ({ autoscaling })),
    ),
  )
  .map(([fields, replicas]) => ({ ...fields, ...replicas }));

const service = fc.tuple(workload, optional({ enabled: fc.boolean() })).map(([a, b]) => ({ ...a, ...b }));

const inCluster = optional({ storageSize: quantity('Gi', 100), storageClassName: label, resources, ...scheduling });
const external = fc
  .tuple(
    fc.record({ host, credentialsSecretRef: fc.record({ name: label }) }),
    optional({
      port: fc.integer({ min: 1, max: 65_535 }),
      tls: fc.record({ caSecretRef: fc.record({ name: label, key: label }) }),
      networks: list(fc.integer({ min: 0, max: 255 }).map((octet) => `10.${octet}.0.0/16`)),
    }),
  )
  .map(([required, more]) => ({ ...required, ...more }));
const server = fc.oneof(
  inCluster.map((settings) => ({ inCluster: settings })),
  external.map((settings) => ({ external: settings })),
);

const ingress = fc.oneof(
  fc.record({ host, gatewayRef: fc.record({ name: label, namespace: label, sectionName: label }) }),
  fc.record({ host, className: label, tls: fc.record({ secretName: label }) }),
  fc.record({ host, tls: fc.record({ issuerRef: fc.record({ name: label }) }) }),
  fc.record({ host, trustedProxyHops: fc.integer({ min: 0, max: 8 }) }),
);

const rateLimit = fc
  .record({ requestsPerSecond: fc.integer({ min: 1, max: 500 }), more: fc.integer({ min: 0, max: 500 }) })
  .map(({ requestsPerSecond, more }) => ({ requestsPerSecond, burst: requestsPerSecond + more }));
const gateway = fc
  .tuple(
    workload,
    optional({
      rateLimit,
      cors: list(host).map((hosts) => ({ allowedOrigins: hosts.map((name) => `https://${name}`) })),
    }),
  )
  .map(([a, b]) => ({ ...a, ...b }));

const auth = fc
  .tuple(
    service,
    optional({
      signUp: fc.constantFrom('Open' as const, 'BetaToken' as const, 'Closed' as const),
      emailVerification: fc.constantFrom('Required' as const, 'Optional' as const),
      tokens: optional({ accessTokenSeconds: fc.integer({ min: 60, max: 3_600 }) }),
      smtp: fc.record({
        host,
        from: host.map((name) => `no-reply@${name}`),
        credentialsSecretRef: fc.record({ name: label }),
      }),
    }),
  )
  .map(([a, b]) => ({ ...a, ...b }));

const model = fc
  .tuple(
    fc.record({ name: label }),
    optional({
      aliases: list(label),
      operations: list(fc.constantFrom('Chat' as const, 'Embeddings' as const)),
      price: fc.record({ promptMicrosPerMillionTokens: fc.integer({ min: 0, max: 1_000_000 }) }),
    }),
  )
  .map(([required, fields]) => ({ ...required, ...fields }));
const provider = fc
  .tuple(
    fc.oneof(
      fc.record({
        kind: fc.constantFrom('OpenAI' as const, 'Anthropic' as const),
        credentialsSecretRef: fc.record({ name: label }),
      }),
      fc.record({
        kind: fc.constant('OpenAICompatible' as const),
        baseUrl: fc
          .oneof(
            host,
            label.map((service) => `${service}.models.svc:8000`),
          )
          .map((to) => `http://${to}/v1`),
      }),
    ),
    optional({
      caSecretRef: fc.record({ name: label, key: label }),
      networks: fc.constant(['10.9.0.0/16']),
      connectTimeout: fc.constant('5s'),
      models: list(model, ({ name }) => name),
    }),
  )
  .map(([required, fields]) => ({ name: 'provider', ...required, ...fields }));
const target = fc
  .tuple(fc.record({ provider: fc.constant('embedded'), model: label }), optional({ timeout: fc.constant('10s') }))
  .map(([required, fields]) => ({ ...required, ...fields }));
const llm = optional({
  providers: provider.map((one) => [one]),
  routes: list(fc.record({ model: label, targets: list(target) }), ({ model: name }) => name),
  priceVersion: fc.constantFrom('1', '2026-11'),
  budgets: list(fc.record({ amountMicros: fc.integer({ min: 0, max: 9 }), period: fc.constant('Day' as const) })),
  caches: fc.constant({ exact: { ttl: '1h' } }),
});

const override = fc.oneof(fc.record({ digest }), fc.record({ repository: label, tag: label }));
const images = optional({
  registry: host,
  pullPolicy: fc.constantFrom('Always' as const, 'IfNotPresent' as const),
  pullSecrets: list(fc.record({ name: label }), ({ name }) => name),
  overrides: optional(Object.fromEntries(imageNames.map((name) => [name, override]))),
});

const secretRef = fc.record({ secretRef: fc.record({ name: label }) });
const remoteRef = fc
  .tuple(fc.record({ key: label }), optional({ property: label, version: label }))
  .map(([required, fields]) => ({ ...required, ...fields }));
const externalSecret = fc
  .tuple(
    fc.record({
      name: label.map((name) => `stored-${name}`),
      secretStoreRef: fc.record({ name: label }),
      data: list(fc.record({ secretKey: label, remoteRef }), ({ secretKey }) => secretKey),
    }),
    optional({
      refreshInterval: fc.constantFrom('10s', '24h'),
      type: fc.constantFrom('Opaque' as const, 'kubernetes.io/tls' as const),
      dataFrom: list(fc.record({ extract: remoteRef })),
    }),
  )
  .map(([required, fields]) => ({ ...required, ...fields }));
const secrets = optional({
  rotation: fc.record({ intervalDays: fc.integer({ min: 1, max: 90 }) }),
  identity: secretRef,
  authKeys: secretRef,
  bootstrapAdmin: secretRef,
  databaseLogins: optional({ search: secretRef, llmRouter: secretRef }),
  externalSecrets: list(externalSecret, ({ name }) => name),
});

const more = optional({
  version: fc.constantFrom('1.4.0', '2.0.0-rc.1'),
  images,
  services: optional({ formatConversion: service, search: service, llmRouter: service, rag: service }),
  gateway,
  auth,
  llm,
  database: server,
  cache: server,
  ingress,
  networkPolicy: optional({ gatewayFrom: list(label), metricsFrom: list(label) }),
  secrets,
  observability: fc.record({ otlpEndpoint: host.map((name) => `http://${name}:4318`) }),
  deletionPolicy: fc.constantFrom('Retain' as const, 'Delete' as const),
});

/** Any spec that the API server accepts; that it does is tested too. */
export const randomSpec: fc.Arbitrary<GenAIPlatformSpec> = fc
  .tuple(fc.constantFrom(...profiles), more)
  .map(([profile, fields]) => ({ profile, ...fields }));

const name = fc.stringMatching(new RegExp(`^[a-z]([-a-z0-9]{0,${maxPlatformNameLength - 2}}[a-z0-9])?$`));

/** Any platform that the API server accepts. */
export const randomPlatform: fc.Arbitrary<PlatformInput> = fc
  .record({ name, namespace: label, uid: fc.uuid(), spec: randomSpec })
  .map(({ spec, ...metadata }) => ({ metadata, spec }));
