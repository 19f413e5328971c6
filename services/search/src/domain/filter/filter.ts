import { z } from 'zod';
import { FieldName } from '../settings.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

interface Eq {
  op: 'eq';
  field: string;
  value: string | number | boolean;
}
interface In {
  op: 'in';
  field: string;
  values: (string | number | boolean)[];
}
interface Range {
  op: 'range';
  field: string;
  gt?: string | number | undefined;
  gte?: string | number | undefined;
  lt?: string | number | undefined;
  lte?: string | number | undefined;
}
interface Exists {
  op: 'exists';
  field: string;
}
interface And {
  op: 'and';
  filters: Filter[];
}
interface Or {
  op: 'or';
  filters: Filter[];
}
interface Not {
  op: 'not';
  filter: Filter;
}

/** A condition on a document's values. A field with several values meets a condition when any of them does. */
export type Filter = Eq | In | Range | Exists | And | Or | Not;

const Bound = z.union([z.string(), z.number()]).optional();

/** The filter as it comes in a request; what its fields and values must be, the index decides (check-filter.ts). */
export const Filter: z.ZodType<Filter> = z
  .lazy(() =>
    z.discriminatedUnion('op', [
      z.strictObject({ op: z.literal('eq'), field: FieldName, value: Scalar }),
      z.strictObject({ op: z.literal('in'), field: FieldName, values: z.array(Scalar).min(1).max(1_000) }),
      z.strictObject({ op: z.literal('range'), field: FieldName, gt: Bound, gte: Bound, lt: Bound, lte: Bound }),
      z.strictObject({ op: z.literal('exists'), field: FieldName }),
      z.strictObject({ op: z.literal('and'), filters: z.array(Filter).min(1).max(100) }),
      z.strictObject({ op: z.literal('or'), filters: z.array(Filter).min(1).max(100) }),
      z.strictObject({ op: z.literal('not'), filter: Filter }),
    ]),
  )
  .meta({ id: 'Filter', description: 'A condition on values, e.g. {"op":"eq","field":"language","value":"en"}.' });
