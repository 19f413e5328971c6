import { z } from 'zod';

/** A schema as Kubernetes demands it of a CRD: every field typed, nothing that only JSON Schema knows. */
export interface StructuralSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema;
  readonly items?: StructuralSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly [keyword: string]: unknown;
}

/**
 * The structural schema of a zod schema.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', reused: 'inline' });
  return convert(json as StructuralSchema);
}

function convert(schema: StructuralSchema): StructuralSchema {
  const { properties, additionalProperties, items, ...rest } = schema;
  return {
    ...keywords(rest),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, convert(field)])),
    }),
    ...(additionalProperties && { additionalProperties: convert(additionalProperties) }),
    ...(items && { items: convert(items) }),
  };
}

/** Keywords that zod writes and Kubernetes refuses or words worse than a CEL rule does. */
function keywords({
  propertyNames: _names,
  anyOf: _anyOf,
  pattern: _pattern,
  ...schema
}: StructuralSchema): StructuralSchema {
  return schema.type === 'integer' ? integer(schema) : schema;
}

function integer(schema: StructuralSchema): StructuralSchema {
  // zod bounds every integer by what a JavaScript number can hold; those bounds say nothing to a user.
  const bounded = Object.entries(schema).filter(
    ([key, value]) =>
      !((key === 'maximum' || key === 'minimum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER),
  );
  return { ...(Object.fromEntries(bounded) as StructuralSchema), format: 'int64' };
}
