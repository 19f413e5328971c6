import type { Cases } from './case.ts';
import { dev } from './case.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const override = (search: Readonly<Record<string, unknown>>) => dev({ images: { overrides: { search } } });

export const imageCases: Cases = {
  accepted: [
    ['a registry', dev({ images: { registry: 'registry.example.com' } })],
    ['a registry with port and path', dev({ images: { registry: 'localhost:5000/team/mirror' } })],
    ['a pull policy', dev({ images: { pullPolicy: 'Always' } })],
    ['pull secrets', dev({ images: { pullSecrets: [{ name: 'a' }, { name: 'b' }] } })],
    ['a digest', override({ digest })],
    ['a repository and a digest', override({ repository: 'quay.io/team/search', digest })],
    ['a tag', override({ tag: '1.4.0-fix' })],
    [
      'the official images of the databases',
      dev({
        images: {
          overrides: {
            postgres: { repository: 'docker.io/pgvector/pgvector', tag: 'pg17' },
            valkey: { repository: 'valkey/valkey', tag: '8' },
          },
        },
      }),
    ],
  ],
  rejected: [
    [
      'a registry as a URL',
      dev({ images: { registry: 'https://r.example.com' } }),
      'must be a registry with an optional path',
    ],
    ['a registry that ends with a slash', dev({ images: { registry: 'r.example.com/' } }), 'must be a registry'],
    ['an empty registry', dev({ images: { registry: '' } }), 'must be a registry'],
    ['an unknown pull policy', dev({ images: { pullPolicy: 'Sometimes' } }), '"Always", "IfNotPresent", "Never"'],
    ['a pull secret twice', dev({ images: { pullSecrets: [{ name: 'a' }, { name: 'a' }] } }), 'Duplicate value'],
    ['a pull secret without a name', dev({ images: { pullSecrets: [{}] } }), 'pullSecrets[0].name: Required value'],
    [
      'a pull secret with a wrong name',
      dev({ images: { pullSecrets: [{ name: 'A_b' }] } }),
      'must be the name of a Kubernetes object',
    ],
    ['an override of nothing', override({}), 'give at least one of repository, tag, digest'],
    ['tag and digest', override({ tag: '1', digest }), 'give a tag or a digest, not both'],
    [
      'a repository with a tag',
      override({ repository: 'r.example.com/search:1.0' }),
      'must be the repository of an image without tag or digest',
    ],
    ['a repository with a digest', override({ repository: `r.example.com/search@${digest}` }), 'without tag or digest'],
    [
      'a repository in capitals',
      override({ repository: 'r.example.com/Search' }),
      'must be the repository of an image',
    ],
    ['a tag with a slash', override({ tag: 'a/b' }), 'must be the tag of an image'],
    [
      'a short digest',
      override({ digest: 'sha256:abc' }),
      'must be the digest of an image: sha256: and 64 hexadecimal digits',
    ],
    ['a digest without algorithm', override({ digest: 'a'.repeat(64) }), 'must be the digest of an image'],
    [
      'an image that is not of the platform',
      dev({ images: { overrides: { nginx: { tag: '1' } } } }),
      'unknown field "spec.images.overrides.nginx"',
    ],
  ],
};
