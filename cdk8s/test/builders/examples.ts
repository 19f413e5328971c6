import type { PlatformInput } from '@genai-platform/cdk8s';
import { aPlatform } from './platform.ts';

/** Platforms that between them use every part of the rendering. */
export const examples: Readonly<Record<string, PlatformInput>> = {
  dev: aPlatform(),
  production: aPlatform({
    profile: 'production',
    version: '2.0.0',
    images: {
      registry: 'registry.example.com/genai',
      pullSecrets: [{ name: 'registry' }],
      overrides: { search: { digest: `sha256:${'0123456789abcdef'.repeat(4)}` } },
    },
    services: {
      search: {
        autoscaling: { minReplicas: 3, maxReplicas: 12, targetCPUUtilizationPercentage: 60 },
        resources: { requests: { memory: '1Gi' } },
        env: [{ name: 'LOG_LEVEL', value: 'warn' }],
      },
      formatConversion: { replicas: 2, tolerations: [{ key: 'batch', operator: 'Exists', effect: 'NoSchedule' }] },
    },
    gateway: {
      rateLimit: { requestsPerSecond: 500, burst: 1000 },
      cors: { allowedOrigins: ['https://app.example.com'] },
      priorityClassName: 'high',
    },
    auth: {
      signUp: 'BetaToken',
      tokens: { accessTokenSeconds: 300 },
      smtp: {
        host: 'mail.example.com',
        from: 'no-reply@example.com',
        credentialsSecretRef: { name: 'smtp' },
        caSecretRef: { name: 'smtp-ca', key: 'ca.crt' },
      },
    },
    llm: {
      providers: [
        {
          name: 'openai',
          kind: 'OpenAI',
          credentialsSecretRef: { name: 'openai' },
          models: [
            {
              name: 'gpt-5-mini',
              aliases: ['fast'],
              price: { promptMicrosPerMillionTokens: 250_000, completionMicrosPerMillionTokens: 2_000_000 },
            },
          ],
        },
        {
          name: 'house',
          kind: 'OpenAICompatible',
          baseUrl: 'http://vllm.models.svc:8000/v1',
          models: [{ name: 'llama', operations: ['Chat', 'Embeddings'] }],
        },
      ],
      routes: [
        {
          model: 'assistant',
          strategy: 'Cost',
          deadline: '1m',
          targets: [
            { provider: 'house', model: 'llama', timeout: '10s' },
            { provider: 'openai', model: 'gpt-5-mini' },
            { provider: 'embedded', model: 'smollm2-135m-instruct' },
          ],
        },
      ],
      priceVersion: '2026-11',
    },
    database: { inCluster: { storageSize: '200Gi', storageClassName: 'fast', nodeSelector: { disk: 'ssd' } } },
    ingress: { host: 'ai.example.com', className: 'nginx', tls: { issuerRef: { name: 'letsencrypt' } } },
    networkPolicy: { gatewayFrom: ['ingress-nginx'], metricsFrom: ['monitoring'] },
    observability: { otlpEndpoint: 'http://otel-collector.monitoring:4318' },
  }),
  external: aPlatform({
    profile: 'staging',
    database: {
      external: {
        host: 'db.example.com',
        credentialsSecretRef: { name: 'database-admin' },
        tls: { caSecretRef: { name: 'database-ca', key: 'bundle.pem' } },
        networks: ['10.0.0.0/16'],
      },
    },
    cache: { external: { host: 'cache.example.com', port: 6380, credentialsSecretRef: { name: 'cache' } } },
    ingress: { host: 'ai.example.com', gatewayRef: { name: 'public', namespace: 'gateways' } },
    deletionPolicy: 'Delete',
  }),
  secrets: aPlatform({
    secrets: {
      identity: { secretRef: { name: 'acme-stored', key: 'identity' } },
      bootstrapAdmin: { secretRef: { name: 'acme-admin', apiKeyKey: 'key' } },
      databaseLogins: { search: { secretRef: { name: 'acme-stored', key: 'search' } } },
      externalSecrets: [
        {
          name: 'acme-stored',
          secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
          refreshInterval: '15m',
          data: [
            { secretKey: 'search', remoteRef: { key: 'acme/database', property: 'search', version: '3' } },
            { secretKey: 'identity', remoteRef: { key: 'acme/identity' } },
          ],
        },
        {
          name: 'openai',
          secretStoreRef: { name: 'vault' },
          dataFrom: [{ extract: { key: 'acme/openai' } }],
        },
        {
          name: 'certificate',
          secretStoreRef: { name: 'vault' },
          type: 'kubernetes.io/tls',
          dataFrom: [{ extract: { key: 'acme/tls' } }],
        },
      ],
    },
    llm: { providers: [{ name: 'openai', kind: 'OpenAI', credentialsSecretRef: { name: 'openai' } }] },
    ingress: { host: 'ai.example.com', tls: { secretName: 'certificate' } },
  }),
};
