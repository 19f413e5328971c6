import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checkoutRoot } from '../machine/checkout.ts';

/** What is read of a structural schema. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly object[];
}

/** A field of the specification and what it may be set to, by the definition's own schema. */
export interface SpecField {
  /** `services.search.env[0].name` */
  readonly path: string;
  /** At the bounds and between them. Of a text that rules decide about, guesses: one of them at least is right. */
  readonly inside: readonly unknown[];
  /** Beyond the bounds. */
  readonly outside: readonly unknown[];
  readonly guessed: boolean;
  /** The specification with this value there, and with whatever the schema requires beside it. */
  readonly set: (spec: object, value: unknown) => object;
}

type Segment = string | number;

/** Texts that rules ask for somewhere: names, sizes, times, hosts, addresses. */
const GUESSES = ['example', '0.2.0', '30s', '1Gi', '100m', 'ai.example.com', 'https://ai.example.com', 'example.com/key', 'spec.type', `sha256:${'0'.repeat(64)}`, 'a@example.com', '50%', '10.0.0.0/8']; // prettier-ignore
/** Longer lists say nothing more and cost a request of megabytes. */
const LONGEST_LIST = 300;

/** Every field of the specification, from the generated definition. */
export function specFields(): SpecField[] {
  const definition = parse(readFileSync(join(checkoutRoot, 'crds', 'genaiplatform.yaml'), 'utf8')) as {
    spec: { versions: { schema: { openAPIV3Schema: Schema } }[] };
  };
  const spec = definition.spec.versions[0]?.schema.openAPIV3Schema.properties?.['spec'];
  if (!spec) throw new Error('the definition has no schema of the specification');
  return fieldsIn(spec, [], spec);
}

function fieldsIn(schema: Schema, path: readonly Segment[], root: Schema): SpecField[] {
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([name, child]) => fieldsIn(child, [...path, name], root));
  const field: SpecField = {
    path: path.map((segment, at) => (typeof segment === 'number' ? `[${segment}]` : `${at > 0 ? '.' : ''}${segment}`)).join(''), // prettier-ignore
    ...valuesOf(schema),
    set: (spec, value) => placed(spec, path, { value, schema: root }) as object,
  };
  return schema.items ? [field, ...fieldsIn(schema.items, [...path, 0], root)] : [field];
}

type Values = Pick<SpecField, 'inside' | 'outside' | 'guessed'>;

function valuesOf(schema: Schema): Values {
  if (schema.enum) return { inside: schema.enum, outside: ['Nonsense'], guessed: false };
  if (schema['x-kubernetes-int-or-string'] === true)
    return { inside: ['1Gi', '100m', 1], outside: ['plenty'], guessed: true };
  return (byType[schema.type ?? 'string'] ?? textsOf)(schema);
}

const byType: Readonly<Record<string, (schema: Schema) => Values>> = {
  boolean: () => ({ inside: [true, false], outside: ['yes'], guessed: false }),
  integer: ({ minimum, maximum }) => ({
    inside: [minimum, maximum].filter((bound) => bound !== undefined),
    outside: [...(minimum === undefined ? [] : [minimum - 1]), ...(maximum === undefined ? [] : [maximum + 1])],
    guessed: false,
  }),
  array({ items = {}, maxItems = LONGEST_LIST }) {
    const list = Array.from({ length: maxItems + 1 }, () => sampleOf(items));
    return { inside: [[], list.slice(0, 1)], outside: maxItems < LONGEST_LIST ? [list] : [], guessed: true };
  },
  object({ additionalProperties = {} }) {
    const value = sampleOf(additionalProperties);
    return { inside: [{}, { 'example.com/a': value }, { example: value }], outside: ['text'], guessed: true };
  },
};

function textsOf(schema: Schema): Values {
  const { maxLength } = schema;
  const outside = maxLength === undefined ? [] : ['a'.repeat(maxLength + 1)];
  const free = schema['x-kubernetes-validations'] === undefined && maxLength !== undefined;
  return { inside: [...GUESSES, ...(free ? ['a'.repeat(maxLength)] : [])], outside, guessed: true };
}

/** Something that the schema allows, rules aside. */
function sampleOf(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema['x-kubernetes-int-or-string'] === true) return '100m';
  switch (schema.type) {
    case 'boolean':
      return true;
    case 'integer':
      return schema.minimum ?? 1;
    case 'array':
      return [sampleOf(schema.items ?? {})];
    case 'object':
      return required(schema);
    default:
      return GUESSES[0];
  }
}

function required({ required: names = [], properties = {} }: Schema): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, sampleOf(properties[name] ?? {})]));
}

/** A copy with the value at the path; what is missing on the way is made with all that it must have. */
function placed(
  within: unknown,
  path: readonly Segment[],
  what: { readonly value: unknown; readonly schema: Schema },
): unknown {
  const [segment, ...rest] = path;
  const { value, schema } = what;
  if (segment === undefined) return value;
  if (typeof segment === 'number') {
    const [first, ...others] = Array.isArray(within) ? (within as unknown[]) : [];
    return [placed(first, rest, { value, schema: schema.items ?? {} }), ...others];
  }
  const child = schema.properties?.[segment] ?? {};
  const present = typeof within === 'object' && within !== null ? within : required(schema);
  return { ...present, [segment]: placed((present as Record<string, unknown>)[segment], rest, { value, schema: child }) }; // prettier-ignore
}
