import { imageReferences, imageRepository } from '@genai-platform/cdk8s';
import { imageNames } from '@genai-platform/crds';

test('every image of a platform is listed, for mirroring', () => {
  expect(imageReferences(undefined, '1.4.0')).toStrictEqual({
    auth: 'ghcr.io/genai-platform/genai-platform-auth:1.4.0',
    databaseSetup: 'ghcr.io/genai-platform/genai-platform-database-setup:1.4.0',
    formatConversion: 'ghcr.io/genai-platform/genai-platform-format-conversion:1.4.0',
    gateway: 'ghcr.io/genai-platform/genai-platform-gateway:1.4.0',
    llmRouter: 'ghcr.io/genai-platform/genai-platform-llm-router:1.4.0',
    postgres: 'ghcr.io/genai-platform/genai-platform-postgres:17-1',
    rag: 'ghcr.io/genai-platform/genai-platform-rag:1.4.0',
    search: 'ghcr.io/genai-platform/genai-platform-search:1.4.0',
    valkey: 'ghcr.io/genai-platform/genai-platform-valkey:8-1',
  });
});

test('a mirror changes all of them', () => {
  const references = Object.values(imageReferences({ registry: 'mirror.example.com:5000/genai' }, '1.4.0'));
  expect(references.filter((reference) => !reference.startsWith('mirror.example.com:5000/genai/'))).toEqual([]);
});

test('repositories are named after the product', () => {
  expect(imageNames.map(imageRepository)).toContain('genai-platform-format-conversion');
});
