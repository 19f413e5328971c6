import { z } from 'zod';
import { api, maxPlatformNameLength } from './api.ts';
import type { Rule } from './schema/rule.ts';
import { spec } from './spec.ts';
import { status } from './status/status.ts';

/** The part of metav1.ObjectMeta that is read; the rest passes through. */
const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  uid: z.string().optional(),
  generation: z.int().optional(),
  resourceVersion: z.string().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  finalizers: z.array(z.string()).optional(),
});

export const platform = z.object({
  apiVersion: z.literal(api.apiVersion),
  kind: z.literal(api.kind),
  metadata,
  spec,
  status: status.optional(),
});

/** Rules on the name of a platform; Services and Jobs are named after it. */
export const nameRules: readonly Rule[] = [
  {
    rule: `self.metadata.name.size() <= ${maxPlatformNameLength}`,
    message:
      `the name of a platform must have at most ${maxPlatformNameLength} characters: ` +
      'the objects made for it carry longer names, which must stay within 63',
    fieldPath: '.metadata.name',
  },
  {
    rule: `self.metadata.name.matches(r'^[a-z]([-a-z0-9]*[a-z0-9])?$')`,
    message:
      'the name of a platform must start with a letter and contain only lower case letters, digits and "-": ' +
      'Services are named after it',
    fieldPath: '.metadata.name',
  },
];

export type GenAIPlatform = z.infer<typeof platform>;

/** The platform in `value`; throws a ZodError that names the field. CEL rules are the API server's business. */
export function parsePlatform(value: unknown): GenAIPlatform {
  return platform.parse(value);
}
