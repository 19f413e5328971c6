import { referencedObjects } from '@genai-platform/cdk8s';
import { aPlatform } from './builders/platform.ts';

test('a platform of its own refers to nothing', () => {
  expect(referencedObjects(aPlatform())).toEqual([]);
});

test('every Secret and ConfigMap of the user is found, with its keys and the field that names it', () => {
  const external = {
    host: 'h',
    credentialsSecretRef: { name: 'admin' },
    tls: { caSecretRef: { name: 'ca', key: 'pem' } },
  };
  const platform = aPlatform({
    images: { pullSecrets: [{ name: 'registry' }] },
    database: { external },
    cache: { external: { host: 'h', credentialsSecretRef: { name: 'cache' } } },
    gateway: { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: 'k' } } }] },
    services: { search: { env: [{ name: 'B', valueFrom: { configMapKeyRef: { name: 'b', key: 'k' } } }] } },
    ingress: { host: 'ai.example.com', tls: { secretName: 'certificate' } },
    secrets: { databaseLogins: { search: { secretRef: { name: 'logins', key: 'search' } } } },
    llm: {
      providers: [
        { name: 'openai', kind: 'OpenAI', credentialsSecretRef: { name: 'openai' } },
        { name: 'house', kind: 'OpenAICompatible', baseUrl: 'https://llm', caSecretRef: { name: 'house', key: 'pem' } },
      ],
    },
  });
  expect(referencedObjects(platform)).toStrictEqual([
    { kind: 'Secret', name: 'registry', keys: ['.dockerconfigjson'], field: 'spec.images.pullSecrets' },
    {
      kind: 'Secret',
      name: 'admin',
      keys: ['username', 'password'],
      field: 'spec.database.external.credentialsSecretRef',
    },
    { kind: 'Secret', name: 'ca', keys: ['pem'], field: 'spec.database.external.tls.caSecretRef' },
    {
      kind: 'Secret',
      name: 'cache',
      keys: ['username', 'password'],
      field: 'spec.cache.external.credentialsSecretRef',
    },
    { kind: 'Secret', name: 'a', keys: ['k'], field: 'spec.gateway.env[A]' },
    { kind: 'ConfigMap', name: 'b', keys: ['k'], field: 'spec.services.search.env[B]' },
    { kind: 'Secret', name: 'openai', keys: ['api-key'], field: 'spec.llm.providers[openai].credentialsSecretRef' },
    { kind: 'Secret', name: 'house', keys: ['pem'], field: 'spec.llm.providers[house].caSecretRef' },
    { kind: 'Secret', name: 'certificate', keys: ['tls.crt', 'tls.key'], field: 'spec.ingress.tls.secretName' },
    { kind: 'Secret', name: 'logins', keys: ['search'], field: 'spec.secrets.databaseLogins.search.secretRef' },
  ]);
});

test('what a disabled service refers to is not needed', () => {
  const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: 'k' } } }];
  expect(referencedObjects(aPlatform({ services: { search: { enabled: false, env } } }))).toEqual([]);
});
