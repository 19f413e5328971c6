import { z } from 'zod';
import { withMeta } from './rule.ts';
import { dataKey, objectName } from './text.ts';

/** A Secret of the platform's namespace whose keys are fixed by the field that refers to it. */
export function secretReference(): z.ZodObject<{ name: z.ZodString }> {
  return withMeta(z.object({ name: objectName().describe('Name of the Secret, in the namespace of the platform.') }), {
    'x-kubernetes-map-type': 'atomic',
  });
}

/** One key of a Secret or ConfigMap of the platform's namespace. */
export function keyReference(kind: 'Secret' | 'ConfigMap'): z.ZodObject<{ name: z.ZodString; key: z.ZodString }> {
  return withMeta(
    z.object({
      name: objectName().describe(`Name of the ${kind}, in the namespace of the platform.`),
      key: dataKey().describe(`Key inside the ${kind}.`),
    }),
    { 'x-kubernetes-map-type': 'atomic' },
  );
}
