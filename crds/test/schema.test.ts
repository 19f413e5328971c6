import {
  api,
  customResourceDefinition,
  parsePlatform,
  profileDefaults,
  profiles,
  referencePage,
} from '@genai-platform/crds';
import { cases } from './cases/index.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

/** Every field below a schema with its path; Kubernetes' own affinity is documented there. */
function fieldsOf(path: string, schema: Schema): [string, Schema][] {
  const inner = Object.entries(schema.properties ?? {}).map(([name, field]): [string, Schema] => [
    `${path}.${name}`,
    field,
  ]);
  if (schema.items) inner.push([`${path}[]`, schema.items]);
  if (schema.additionalProperties) inner.push([`${path}.<key>`, schema.additionalProperties]);
  return inner.flatMap(([at, field]) => [[at, field], ...fieldsOf(at, field)]);
}

const { spec: definition } = customResourceDefinition() as {
  spec: { versions: [{ schema: { openAPIV3Schema: Schema } }] };
};
const { properties: root = {} } = definition.versions[0].schema.openAPIV3Schema;
const fields = [...fieldsOf('spec', root['spec'] ?? {}), ...fieldsOf('status', root['status'] ?? {})];

test('every field is documented', () => {
  const silent = fields
    .filter(([path]) => !path.includes('.affinity.') && !path.endsWith('[]') && !path.endsWith('<key>'))
    .filter(([, { description }]) => description === undefined || !/\S.*[.:/]|`$/.test(description))
    .map(([path]) => path);
  expect(silent).toEqual([]);
});

test('every list, map and text has a bound, without which CEL rules exceed their budget', () => {
  const unbounded = fields
    .filter(
      ([, field]) =>
        (field.items && field.maxItems === undefined) ||
        (field.additionalProperties && field.maxProperties === undefined) ||
        (field.type === 'string' && field.maxLength === undefined && field.enum === undefined),
    )
    .map(([path]) => path)
    .filter((path) => path !== 'status.conditions[].lastTransitionTime');
  expect(unbounded).toEqual([]);
});

test('no field has a default in the schema', () => {
  expect(fields.filter(([, field]) => field.default !== undefined)).toEqual([]);
});

test('the definition stays below what kubectl apply can note in an annotation', () => {
  expect(JSON.stringify(customResourceDefinition()).length).toBeLessThan(262_144);
});

test('the reference names every field of the spec', () => {
  const page = referencePage();
  const missing = [
    'profile',
    'database.external.networks',
    'gateway.cors.allowedOrigins',
    'ingress.tls.issuerRef',
  ].filter((path) => !page.includes(`\`spec.${path}\``));
  expect(missing).toEqual([]);
});

describe('parsing', () => {
  const metadata = { name: 'acme', namespace: 'acme', uid: 'u', managedFields: [{ manager: 'kubectl' }] };
  const accepted = Object.values(cases).flatMap((area) => area.accepted);

  test.each(accepted)('takes %s as the API server does', (_what, spec) => {
    const parsed = parsePlatform({ apiVersion: api.apiVersion, kind: api.kind, metadata, spec });
    expect(parsed.spec).toEqual(spec);
    expect(parsed.metadata).toEqual(metadata);
  });

  test('names the field that is wrong', () => {
    const wrong = { apiVersion: api.apiVersion, kind: api.kind, metadata, spec: { profile: 'dev', version: 'a b' } };
    expect(() => parsePlatform(wrong)).toThrow('must be the tag of an image');
  });
});

describe('profiles', () => {
  const gibibytes = (size: string): number => Number(/^(\d+)Gi$/.exec(size)?.[1]);

  test('are in the order of their volumes, so that a larger profile is always a possible change', () => {
    for (const kind of ['database', 'cache'] as const) {
      const sizes = profiles.map((name) => gibibytes(profileDefaults[name][kind].storageSize));
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    }
  });

  test('scale from one to four pods, and production never runs a single one', () => {
    for (const name of profiles) {
      expect(profileDefaults[name].minReplicas).toBeGreaterThanOrEqual(name === 'production' ? 2 : 1);
      expect(profileDefaults[name].maxReplicas).toBeLessThanOrEqual(4);
    }
  });
});
