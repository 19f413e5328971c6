import { z } from 'zod';

const MAX_DEPTH = 8;
const MAX_CONDITIONS = 256;

const Scalar = z.union([z.string().max(1_024), z.number(), z.boolean()]);
const Field = z.string().min(1).max(64);
type Scalar = z.output<typeof Scalar>;

interface Compare {
  op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte';
  field: string;
  value: Scalar;
}
interface In {
  op: 'in' | 'nin';
  field: string;
  values: Scalar[];
}
interface Exists {
  op: 'exists';
  field: string;
}
interface Several {
  op: 'and' | 'or';
  filters: Filter[];
}
interface Not {
  op: 'not';
  filter: Filter;
}

/** A condition on a document's metadata. A value that is a list meets a condition when any member does. */
export type Filter = Compare | In | Exists | Several | Not;

const compare = <T extends Compare['op']>(op: T) => z.strictObject({ op: z.literal(op), field: Field, value: Scalar });
const Member: z.ZodType<Filter> = z.lazy(() =>
  z.discriminatedUnion('op', [
    compare('eq'),
    compare('ne'),
    compare('gt'),
    compare('gte'),
    compare('lt'),
    compare('lte'),
    z.strictObject({ op: z.literal('in'), field: Field, values: z.array(Scalar).min(1).max(1_000) }),
    z.strictObject({ op: z.literal('nin'), field: Field, values: z.array(Scalar).min(1).max(1_000) }),
    z.strictObject({ op: z.literal('exists'), field: Field }),
    z.strictObject({ op: z.literal('and'), filters: z.array(Member).min(1).max(100) }),
    z.strictObject({ op: z.literal('or'), filters: z.array(Member).min(1).max(100) }),
    z.strictObject({ op: z.literal('not'), filter: Member }),
  ]),
);

/** A filter as it comes in a request. */
export const Filter: z.ZodType<Filter> = Member.superRefine((filter, context) => {
  const problem = tooLarge(filter);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
}).meta({ id: 'Filter', description: 'A condition on metadata, such as {"op":"eq","field":"language","value":"en"}.' });

function tooLarge(filter: Filter): string | undefined {
  let conditions = 0;
  const depth = (node: Filter): number => {
    if (node.op === 'not') return 1 + depth(node.filter);
    if (node.op === 'and' || node.op === 'or') return 1 + Math.max(...node.filters.map(depth));
    conditions += 1;
    return 1;
  };
  if (depth(filter) > MAX_DEPTH) return `filters nest at most ${MAX_DEPTH} deep`;
  return conditions > MAX_CONDITIONS ? `a filter has at most ${MAX_CONDITIONS} conditions` : undefined;
}
