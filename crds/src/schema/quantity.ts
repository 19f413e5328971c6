import { z } from 'zod';
import { withMeta, withRules } from './rule.ts';

/** A quantity as Kubernetes writes it: `500m`, `2`, `1Gi`. */
export type Quantity = string | number;

/** Longest quantity; without it CEL rules on quantities exceed their budget. */
const maxLength = 32;

/** CEL that turns the int-or-string `expression` into a quantity. */
export function celQuantity(expression: string): string {
  return `quantity(string(${expression}))`;
}

/** A positive amount, for example of memory; `example` appears in the message. */
export function quantity(example: string): z.ZodUnion<[z.ZodString, z.ZodInt]> {
  const message = `must be a quantity greater than zero, for example ${example}`;
  return withRules(
    withMeta(z.union([z.string().max(maxLength), z.int()]), {
      'x-kubernetes-int-or-string': true,
      maxLength,
    }),
    {
      rule: `isQuantity(string(self)) && ${celQuantity('self')}.isGreaterThan(quantity('0'))`,
      message,
    },
  );
}
