import { z } from 'zod';
import { withMeta, withRules } from './schema/rule.ts';
import { secretReference } from './schema/references.ts';
import { text } from './schema/text.ts';
import type { ServiceName } from './services.ts';
import { serviceDescriptions } from './services.ts';

/** The tag of the platform's own images; also the value of the label `app.kubernetes.io/version`. */
export const version = text({
  max: 63,
  pattern: /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  message: 'must be the tag of an image, for example 1.4.0',
});

const repositoryPath = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*';
const registryHost = '[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?(:[0-9]{1,5})?';

const imageOverride = withRules(
  z.object({
    repository: text({
      max: 255,
      pattern: new RegExp(`^(${registryHost}/)?${repositoryPath}$`),
      message: 'must be the repository of an image without tag or digest, for example registry.example.com/team/search',
    })
      .describe('Repository in place of `<registry>/genai-platform-<name>`.')
      .optional(),
    tag: text({
      max: 128,
      pattern: /^[A-Za-z0-9_][-A-Za-z0-9_.]*$/,
      message: 'must be the tag of an image, for example 1.4.0',
    })
      .describe('Tag in place of the version of the platform, or of the engine.')
      .optional(),
    digest: text({
      max: 71,
      pattern: /^sha256:[a-f0-9]{64}$/,
      message: 'must be the digest of an image: sha256: and 64 hexadecimal digits',
    })
      .describe('Digest that pins the image; where given, the tag is not used.')
      .optional(),
  }),
  {
    rule: 'has(self.repository) || has(self.tag) || has(self.digest)',
    message: 'give at least one of repository, tag, digest',
    reason: 'FieldValueRequired',
  },
  {
    rule: '!(has(self.tag) && has(self.digest))',
    message: 'give a tag or a digest, not both: a digest alone says which image it is',
  },
);

/** The images that are no service's, and what is said of them. */
const otherImages = {
  gateway: 'Image of the gateway.',
  auth: 'Image of the service that keeps accounts.',
  databaseSetup: 'Image of the Job that prepares the database.',
  postgres: 'Image of the PostgreSQL in the cluster; `pgvector/pgvector:pg17` works as well.',
  valkey: 'Image of the cache in the cluster; `valkey/valkey:8` works as well.',
} as const;

export type ImageName = ServiceName | keyof typeof otherImages;

/** Every image of a platform. */
export const imageNames = [...Object.keys(serviceDescriptions), ...Object.keys(otherImages)] as readonly ImageName[];

type OverrideFields = { readonly [Name in ImageName]: z.ZodOptional<typeof imageOverride> };

const imageOverrides = z.object(
  Object.fromEntries(
    imageNames.map((name) => {
      const text =
        name in otherImages ? otherImages[name as keyof typeof otherImages] : `Image of the service ${name}.`;
      return [name, imageOverride.describe(text).optional()];
    }),
  ) as OverrideFields,
);

export const images = z.object({
  registry: text({
    max: 255,
    pattern: new RegExp(`^${registryHost}(/${repositoryPath})?$`),
    message: 'must be a registry with an optional path, for example registry.example.com/mirror',
  })
    .describe('Registry of all images. Default `ghcr.io/genai-platform`.')
    .optional(),
  pullPolicy: z
    .enum(['Always', 'IfNotPresent', 'Never'])
    .describe('When nodes pull images. Default `IfNotPresent`: tags are never moved.')
    .optional(),
  pullSecrets: withMeta(z.array(secretReference()).max(8), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  })
    .describe('Secrets of type `kubernetes.io/dockerconfigjson` that every pod pulls with.')
    .optional(),
  overrides: imageOverrides.describe('Single images from somewhere else, or pinned by digest.').optional(),
});

export type Images = z.infer<typeof images>;
export type ImageOverride = z.infer<typeof imageOverride>;
