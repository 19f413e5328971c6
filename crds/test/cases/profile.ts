import type { Cases } from './case.ts';
import { dev } from './case.ts';

export const profileCases: Cases = {
  accepted: [
    ['a profile alone', { profile: 'dev' }],
    ['the smallest profile', { profile: 'beta' }],
    ['staging', { profile: 'staging' }],
    ['production', { profile: 'production' }],
    ['a version', dev({ version: '1.4.0' })],
    ['a version with a build', dev({ version: 'v1.4.0-rc.1_build' })],
    ['keeping data', dev({ deletionPolicy: 'Retain' })],
    ['a snapshot of data', dev({ deletionPolicy: 'Snapshot', deletionProtection: true })],
    ['deleting data', dev({ deletionPolicy: 'Delete' })],
  ],
  rejected: [
    ['no profile', {}, 'spec.profile: Required value'],
    ['an unknown profile', { profile: 'prod' }, 'supported values: "beta", "dev", "staging", "production"'],
    ['a profile in capitals', { profile: 'Dev' }, 'Unsupported value: "Dev"'],
    ['an unknown field', dev({ replicas: 3 }), 'unknown field "spec.replicas"'],
    ['a version with a space', dev({ version: '1.4 0' }), 'must be the tag of an image, for example 1.4.0'],
    ['an empty version', dev({ version: '' }), 'must be the tag of an image'],
    ['a version that ends with a dot', dev({ version: '1.' }), 'must be the tag of an image'],
    ['a digest as version', dev({ version: 'sha256:abc' }), 'must be the tag of an image'],
    ['a version longer than a label', dev({ version: 'v'.repeat(64) }), 'may not be more than 63 bytes'],
    [
      'an unknown deletion policy',
      dev({ deletionPolicy: 'Orphan' }),
      'supported values: "Retain", "Snapshot", "Delete"',
    ],
  ],
};
