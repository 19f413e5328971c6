import { customResourceDefinition } from '@genai-platform/crds';
import { format, resolveConfig } from 'prettier';

type Schema = Readonly<Record<string, unknown>> & {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
};

/**
 * `values.schema.json` of the chart genai-platform: what Helm checks before anything reaches the cluster. Below `spec`
 * it is the schema of the GenAIPlatform, so that the chart takes every field of the release that it belongs to.
 */
export async function platformChartSchema(): Promise<string> {
  const strings = { type: 'object', additionalProperties: { type: 'string' } };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of genai-platform',
    type: 'object',
    additionalProperties: false,
    required: ['spec'],
    properties: {
      global: { type: 'object', description: 'Shared values of a parent chart; not used here.' },
      name: { type: 'string', maxLength: 26, description: 'Name of the GenAIPlatform. Empty: that of the release.' },
      labels: { ...strings, description: 'Labels of the GenAIPlatform.' },
      annotations: { ...strings, description: 'Annotations of the GenAIPlatform.' },
      keepOnUninstall: { type: 'boolean', description: 'Keeps the platform when the release is uninstalled.' },
      spec: convert(specSchema()),
    },
  };
  return format(JSON.stringify(schema), { ...(await resolveConfig(import.meta.filename)), parser: 'json' });
}

function specSchema(): Schema {
  const { spec } = customResourceDefinition() as {
    spec: { versions: { schema: { openAPIV3Schema: { properties: { spec: Schema } } } }[] };
  };
  const schema = spec.versions[0]?.schema.openAPIV3Schema.properties.spec;
  if (!schema) throw new Error('the CRD has no schema for spec');
  return schema;
}

/** A structural schema as the JSON Schema that Helm reads; CEL rules stay with the API server. */
function convert(schema: Schema): object {
  const { properties, additionalProperties, items, nullable: _nullable, ...rest } = schema;
  const keywords = Object.entries(rest).filter(([keyword]) => !keyword.startsWith('x-kubernetes-'));
  return {
    ...Object.fromEntries(keywords),
    ...(schema['x-kubernetes-int-or-string'] === true && { type: ['integer', 'string'] }),
    ...(properties && { properties: mapValues(properties, convert) }),
    ...closing(schema),
    ...(additionalProperties && { additionalProperties: convert(additionalProperties) }),
    ...(items && { items: convert(items) }),
  };
}

/** The API server drops an unknown field in silence; Helm is asked to name it. */
function closing({ properties, additionalProperties, ...schema }: Schema): object {
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties !== undefined;
  return properties && !isOpen ? { additionalProperties: false } : {};
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
