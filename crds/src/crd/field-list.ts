import type { Rule } from '../schema/rule.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** From how many characters a repeated schema is described once only. */
const longSchema = 500;

/**
 * One Markdown line per field and rule, depth first, in the order of the source. A long schema that was described
 * before is referred to. Fields without a description are Kubernetes's own and left to its documentation.
 */
export function fieldList(path: string, schema: StructuralSchema): string {
  const describedAt = new Map<string, string>();
  return [...rulesOf(schema), ...fieldsOf(path, schema, describedAt)].join('\n');
}

/** One line per rule, as the user reads it when it fails. */
export function ruleLines(rules: readonly Rule[]): string[] {
  return rules.map(({ message }) => `  - Rule: ${message}.`);
}

function fieldsOf(path: string, schema: StructuralSchema, describedAt: Map<string, string>): string[] {
  return Object.entries(schema.properties ?? {})
    .filter(([, field]) => field.description !== undefined)
    .flatMap(([name, field]) => {
      const required = schema.required?.includes(name) ? ' **required**' : '';
      const head = `- \`${path}.${name}\` *${typeOf(field)}*${required}: ${describe(field)}`;
      const same = sameAsBefore(`${path}.${name}`, field, describedAt);
      return same === undefined
        ? [head, ...inside(`${path}.${name}`, field, describedAt)]
        : [`${head} As \`${same}\`.`];
    });
}

/** Where a long schema equal to this one, but for its description, was described. */
function sameAsBefore(path: string, field: StructuralSchema, describedAt: Map<string, string>): string | undefined {
  const { description: _, ...schema } = field;
  const key = JSON.stringify(schema);
  const before = describedAt.get(key);
  if (before === undefined && key.length >= longSchema) describedAt.set(key, path);
  return before;
}

function inside(path: string, field: StructuralSchema, describedAt: Map<string, string>): string[] {
  const inner = field.items ?? field.additionalProperties;
  const innerPath = field.items ? `${path}[]` : `${path}.<key>`;
  return [
    ...rulesOf(field),
    ...(inner ? [...rulesOf(inner), ...fieldsOf(innerPath, inner, describedAt)] : []),
    ...fieldsOf(path, field, describedAt),
  ];
}

function rulesOf(schema: StructuralSchema): string[] {
  return ruleLines((schema['x-kubernetes-validations'] ?? []) as readonly Rule[]);
}

function describe(field: StructuralSchema): string {
  const values = field.enum ? `One of ${field.enum.map((value) => `\`${value}\``).join(', ')}.` : '';
  return [field.description ?? '', values, range(field)].filter((part) => part !== '').join(' ');
}

function range({ minimum, maximum }: StructuralSchema): string {
  if (minimum === undefined) return '';
  return maximum === undefined ? `At least ${minimum}.` : `From ${minimum} to ${maximum}.`;
}

function typeOf(field: StructuralSchema): string {
  if (field['x-kubernetes-int-or-string']) return 'integer or string';
  if (field.items) return `list of ${typeOf(field.items)}`;
  if (field.additionalProperties) return `map of ${typeOf(field.additionalProperties)}`;
  return field.type ?? 'object';
}
