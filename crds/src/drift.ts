import { z } from 'zod';
import { withMeta } from './schema/rule.ts';
import { objectName, text } from './schema/text.ts';

/** Kinds whose fields may be left to others. Secrets and volumes are not among them: pods restart by what they hold. */
export const driftKinds = [
  'ConfigMap',
  'Service',
  'ServiceAccount',
  'Deployment',
  'StatefulSet',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'NetworkPolicy',
  'Ingress',
  'Certificate',
  'HTTPRoute',
] as const;

const field = String.raw`\.[A-Za-z0-9_-]+`;
const element = String.raw`\[[A-Za-z]+=[^\[\],"]+(,[A-Za-z]+=[^\[\],"]+)*\]|\[[0-9]+\]|\["[^"\[\]]+"\]`;
const labelOrAnnotation = String.raw`metadata\.(labels|annotations)(\.[A-Za-z0-9_-]+|\["[^"\[\]]+"\])`;

/** A place in an object, in the notation in which `status.drift` tells it. */
const fieldPath = text({
  max: 256,
  pattern: new RegExp(`^((spec|data)(${field}|${element})+|${labelOrAnnotation})$`),
  message:
    'must be the path of a field, as status.drift has it: spec.replicas, data.key, ' +
    'metadata.annotations["example.com/key"], spec.template.spec.containers[name=search].image',
});

const ignoredFields = z.object({
  kind: z.enum(driftKinds).describe('Kind of the objects.'),
  name: objectName().describe('Name of the object. Default: every object of the kind.').optional(),
  fields: withMeta(z.array(fieldPath).min(1).max(16), { 'x-kubernetes-list-type': 'set' }).describe(
    'Paths, as in `status.drift`; what is below a path belongs to it.',
  ),
});

export const drift = z.object({
  ignore: withMeta(z.array(ignoredFields).max(32), { 'x-kubernetes-list-type': 'atomic' })
    .describe('Fields that others may change: such a change is neither undone nor reported. Default: none.')
    .optional(),
});

export type Drift = z.infer<typeof drift>;
