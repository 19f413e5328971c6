import { DEFAULT_MAX_BODY_BYTES } from './http/request-body.ts';
import { describeReplies } from './openapi-replies.ts';
import { PROBLEM, OPENAI_ERROR } from './openapi-errors.ts';
import { SchemaCollector } from './openapi-schema.ts';
import type { JsonSchema } from './openapi-schema.ts';
import type { Route, RouteSpec } from './http/route.ts';

export interface ApiDescription {
  readonly title: string;
  readonly version: string;
  readonly description?: string | undefined;
  readonly routes: readonly Route[];
  /** Whether POSTs take an `Idempotency-Key`. */
  readonly idempotency?: boolean;
}

export type OpenApiDocument = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of routes, from the schemas that validate. Pure: same routes, same document. */
export function describeApi({
  title,
  version,
  description,
  routes,
  idempotency = false,
}: ApiDescription): OpenApiDocument {
  const schemas = new SchemaCollector();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/[:*](\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = describeOperation(route, schemas, idempotency);
  }
  return {
    openapi: '3.1.1',
    info: { title, version, ...(description === undefined ? {} : { description }) },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { ...schemas.components, Problem: PROBLEM, OpenAIError: OPENAI_ERROR },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

const RESUME = [
  { name: 'Last-Event-ID', in: 'header', description: 'Go on after the event of this id', schema: { type: 'string' } },
  { name: 'starting_after', in: 'query', description: 'The same, as a parameter', schema: { type: 'string' } },
];

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'A repetition with the same key within 24 hours gets the first reply, and changes nothing',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function idempotencyKey({ method, spec }: Route): object[] {
  if (method !== 'post' || spec.public === true || spec.idempotencyKey === 'none') return [];
  return [{ ...IDEMPOTENCY_KEY, required: spec.idempotencyKey === 'required' }];
}

function describeOperation(route: Route, schemas: SchemaCollector, idempotency: boolean): object {
  const { spec } = route;
  const { description, tags = [route.path.split('/')[2] ?? 'default'], operationId: id = operationIdOf(route) } = spec;
  const parameters = [...describeParameters(route, schemas, id), ...(idempotency ? idempotencyKey(route) : [])];
  return {
    operationId: id,
    summary: spec.summary,
    ...(description === undefined ? {} : { description }),
    tags,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...describeBody(spec, schemas, id),
    responses: describeReplies(spec, schemas, id),
    security: spec.public === true ? [{}, { bearer: [] }] : [{ bearer: spec.scopes ?? [] }],
  };
}

/** `POST /v1/search/indexes/:name/search` is `postSearchIndexesByNameSearch`. */
function operationIdOf({ method, path }: Route): string {
  const words = path
    .replace(/^\/v\d+/, '')
    .split('/')
    .filter((word) => word !== '')
    .map((word) => (/^[:*]/.test(word) ? `by-${word.slice(1)}` : word));
  const camel = words.map((word) =>
    word.replace(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_, c: string) => c.toUpperCase()),
  );
  return method + camel.join('');
}

function describeParameters({ path, spec }: Route, schemas: SchemaCollector, id: string): object[] {
  const named = new Set([...path.matchAll(/[:*](\w+)/g)].map(([, name]) => name as string));
  const declared = (schema: RouteSpec['params'], place: string): object[] => {
    if (schema === undefined) return [];
    const { properties = {}, required = [] } = inline(schemas.add(schema, 'input', `${id}${place}`), schemas) as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, ...member }]) => {
      if (place === 'path') named.delete(name);
      const needed = place === 'path' || required.includes(name);
      return {
        name,
        in: place,
        required: needed,
        ...(description === undefined ? {} : { description }),
        schema: member,
      };
    });
  };
  const all = [...declared(spec.params, 'path'), ...declared(spec.query, 'query'), ...declared(spec.headers, 'header')];
  const resume = spec.produces?.includes('text/event-stream') === true ? RESUME : [];
  const rest = [...named].map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  return [...all, ...rest, ...resume];
}

/** Parameters are listed one by one: a reference to the whole object does not help. */
function inline(schema: JsonSchema, schemas: SchemaCollector): JsonSchema {
  if (typeof schema.$ref !== 'string') return schema;
  return schemas.components[schema.$ref.slice('#/components/schemas/'.length)] ?? {};
}

function describeBody(spec: RouteSpec, schemas: SchemaCollector, id: string): object {
  const content: Record<string, object> = {};
  if (spec.body !== undefined) {
    content['application/json'] = { schema: schemas.add(spec.body, 'input', `${id}Request`) };
  }
  if (spec.multipart !== undefined) content['multipart/form-data'] = { schema: describeForm(spec.multipart) };
  for (const type of spec.raw?.contentTypes ?? []) content[type] = { schema: {} };
  if (Object.keys(content).length === 0) return {};
  const required = spec.body?.safeParse(undefined).success !== true;
  return { requestBody: { required, content, 'x-max-body-bytes': spec.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES } };
}

function describeForm({ documentation = {} }: NonNullable<RouteSpec['multipart']>): JsonSchema {
  const parts = Object.entries(documentation);
  return {
    type: 'object',
    properties: Object.fromEntries(
      parts.map(([name, { description, file }]) => [
        name,
        file === true ? { description, contentMediaType: 'application/octet-stream' } : { type: 'string', description },
      ]),
    ),
    required: parts.filter(([, { required }]) => required === true).map(([name]) => name),
  };
}
