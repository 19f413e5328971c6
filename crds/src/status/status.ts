import { z } from 'zod';
import { secretReference } from '../schema/references.ts';
import { withMeta } from '../schema/rule.ts';
import { condition } from './condition.ts';
import { credential } from './credential.ts';
import { driftCapacity, driftEntry } from './drift.ts';
import { revisionStatus, rollback } from './revision-status.ts';
import { workloadStatus } from './workload-status.ts';

const endpoints = z.object({
  internal: z.string().max(512).describe('URL of the gateway inside the cluster.').optional(),
  external: z.string().max(512).describe('URL of the gateway outside the cluster, with `ingress`.').optional(),
});

/** Facts that change when something happened; elapsed times and counters are metrics, not status. */
export const status = z.object({
  observedGeneration: z.int().min(0).describe('Generation of the platform that the status is about.').optional(),
  conditions: withMeta(z.array(condition).max(32), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['type'],
  })
    .describe('What holds of the platform, `Ready` above all.')
    .optional(),
  summary: z.string().max(1024).describe('What the platform is doing or waiting for, in a few words.').optional(),
  version: z.string().max(63).describe('Version in effect.').optional(),
  services: z.string().max(16).describe('Workloads that are ready, of all, for example `3/3`.').optional(),
  workloads: withMeta(z.array(workloadStatus).max(64), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  })
    .describe('One row per workload.')
    .optional(),
  currentRevision: z.string().max(63).describe('Revision of the platform that the specification asks for.').optional(),
  lastGoodRevision: z
    .string()
    .max(63)
    .describe('Last revision of which every workload has answered a real request.')
    .optional(),
  rollback: rollback
    .describe('The automatic return to the last good revision; absent while the specification is in effect.')
    .optional(),
  history: withMeta(z.array(revisionStatus).max(128), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['revision'],
  })
    .describe('The revisions that are kept, the newest first.')
    .optional(),
  endpoints: endpoints.describe('Where the platform answers.').optional(),
  credentials: withMeta(z.array(credential).max(128), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['secret'],
  })
    .describe('The logins of the workloads, of which each has one, with where their rotation stands.')
    .optional(),
  drift: withMeta(z.array(driftEntry).max(driftCapacity), { 'x-kubernetes-list-type': 'atomic' })
    .describe('What others changed and the operator put back, the latest last.')
    .optional(),
  bootstrapAdmin: z
    .object({ secretRef: secretReference().describe('Secret with the keys `username` and `api-key`.') })
    .describe('The first credential of the platform.')
    .optional(),
});

export type GenAIPlatformStatus = z.infer<typeof status>;
