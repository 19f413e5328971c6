import { z } from 'zod';
import { withMeta } from './schema/rule.ts';

/**
 * Written out, because a misspelt field of an open object would be dropped in silence; but without descriptions and
 * rules, which Kubernetes has itself: this is repeated for every workload, and a CRD must stay well below the 1 MiB
 * that etcd and Helm take.
 */
const atomic = { 'x-kubernetes-list-type': 'atomic' } as const;
const key = z.string().max(317);

function requirements<const T extends readonly [string, ...string[]]>(operators: T) {
  const values = withMeta(z.array(z.string().max(63)).max(16), atomic).optional();
  return withMeta(z.array(z.object({ key, operator: z.enum(operators), values })).max(8), atomic);
}

const weight = z.int().min(1).max(100);

const nodeSelectorTerm = z.object({
  matchExpressions: requirements(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
});

const nodeAffinity = z.object({
  requiredDuringSchedulingIgnoredDuringExecution: z
    .object({ nodeSelectorTerms: withMeta(z.array(nodeSelectorTerm).min(1).max(8), atomic) })
    .optional(),
  preferredDuringSchedulingIgnoredDuringExecution: withMeta(
    z.array(z.object({ weight, preference: nodeSelectorTerm })).max(8),
    atomic,
  ).optional(),
});

const labelSelector = z.object({
  matchLabels: withMeta(z.record(z.string(), z.string().max(63)), { maxProperties: 16 }).optional(),
  matchExpressions: requirements(['In', 'NotIn', 'Exists', 'DoesNotExist']).optional(),
});

const podAffinityTerm = z.object({
  labelSelector: labelSelector.optional(),
  namespaces: withMeta(z.array(z.string().max(63)).max(8), atomic).optional(),
  topologyKey: key,
});

const podAffinity = z.object({
  requiredDuringSchedulingIgnoredDuringExecution: withMeta(z.array(podAffinityTerm).max(8), atomic).optional(),
  preferredDuringSchedulingIgnoredDuringExecution: withMeta(
    z.array(z.object({ weight, podAffinityTerm })).max(8),
    atomic,
  ).optional(),
});

export const affinity = z
  .object({
    nodeAffinity: nodeAffinity.describe('Which nodes the pods go to.').optional(),
    podAffinity: podAffinity.describe('Which pods they go beside.').optional(),
    podAntiAffinity: podAffinity.describe('Which pods they stay away from.').optional(),
  })
  .describe('As in a pod: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/');

export type Affinity = z.infer<typeof affinity>;
