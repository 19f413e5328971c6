import { z } from 'zod';
import { withMeta, withRules } from './schema/rule.ts';
import { labelKey, labels, labelValue } from './schema/label.ts';
import { namespaceName } from './schema/text.ts';

/** Written out, and not left open: a misspelt field of an open object would be dropped in silence. */
const atomic = { 'x-kubernetes-list-type': 'atomic' } as const;

const weight = z.int().min(1).max(100).describe('Weight among the preferences.');

function requirement<const T extends readonly [string, ...string[]]>(operators: T) {
  return withRules(
    z.object({
      key: labelKey().describe('Key of the label.'),
      operator: z.enum(operators).describe('How the label is compared.'),
      values: withMeta(z.array(labelValue()).max(16), atomic).describe('Values to compare with.').optional(),
    }),
    {
      rule: `(self.operator in ['Exists', 'DoesNotExist']) == (!has(self.values) || self.values.size() == 0)`,
      message: 'values are needed with In, NotIn, Gt and Lt, and must be absent with Exists and DoesNotExist',
      fieldPath: '.values',
    },
  );
}

const nodeSelectorTerm = z.object({
  matchExpressions: withMeta(
    z.array(requirement(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'])).max(8),
    atomic,
  ).describe('Conditions on the labels of the node, all of which must hold.'),
});

const nodeAffinity = z.object({
  requiredDuringSchedulingIgnoredDuringExecution: z
    .object({
      nodeSelectorTerms: withMeta(z.array(nodeSelectorTerm).min(1).max(8), atomic).describe(
        'Terms of which one must hold.',
      ),
    })
    .describe('Nodes that pods must be on.')
    .optional(),
  preferredDuringSchedulingIgnoredDuringExecution: withMeta(
    z.array(z.object({ weight, preference: nodeSelectorTerm.describe('Nodes that are preferred.') })).max(8),
    atomic,
  )
    .describe('Nodes that pods should be on.')
    .optional(),
});

const labelSelector = z.object({
  matchLabels: labels().describe('Labels that must be equal.').optional(),
  matchExpressions: withMeta(z.array(requirement(['In', 'NotIn', 'Exists', 'DoesNotExist'])).max(8), atomic)
    .describe('Conditions on labels, all of which must hold.')
    .optional(),
});

const podAffinityTerm = z.object({
  labelSelector: labelSelector.describe('Which pods are meant.').optional(),
  namespaces: withMeta(z.array(namespaceName()).max(8), atomic)
    .describe('Namespaces of those pods. Default: that of the platform.')
    .optional(),
  topologyKey: labelKey().describe('Label of nodes that says what counts as the same place.'),
});

const podAffinity = z.object({
  requiredDuringSchedulingIgnoredDuringExecution: withMeta(z.array(podAffinityTerm).max(8), atomic)
    .describe('Conditions that must hold.')
    .optional(),
  preferredDuringSchedulingIgnoredDuringExecution: withMeta(
    z.array(z.object({ weight, podAffinityTerm: podAffinityTerm.describe('The condition that is preferred.') })).max(8),
    atomic,
  )
    .describe('Conditions that should hold.')
    .optional(),
});

export const affinity = z
  .object({
    nodeAffinity: nodeAffinity.describe('Which nodes the pods go to.').optional(),
    podAffinity: podAffinity.describe('Which pods they go beside.').optional(),
    podAntiAffinity: podAffinity.describe('Which pods they stay away from.').optional(),
  })
  .describe('As in a pod: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/');

export type Affinity = z.infer<typeof affinity>;
