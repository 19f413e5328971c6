/** The parts of an OpenAPI 3.1 document that merging concerns. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, unknown>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly [other: string]: unknown;
}

export interface ServiceDocument {
  readonly service: string;
  readonly document: OpenApiDocument;
}

type Components = Record<string, Record<string, unknown>>;

/**
 * One document out of many: paths side by side (each service owns its own), components under the name of their service, so
 * that two services may both have an `Index`. Security schemes are the platform's, not a service's.
 */
export function mergeOpenApi(own: OpenApiDocument, services: readonly ServiceDocument[]): OpenApiDocument {
  const paths: Record<string, unknown> = { ...own.paths };
  const components: Components = structuredClone(own.components ?? {});
  for (const { service, document } of services) {
    const renamed = renameReferences(document, service) as OpenApiDocument;
    Object.assign(paths, tagged(publicPaths(renamed.paths ?? {}), service));
    for (const [kind, entries] of Object.entries(renamed.components ?? {})) {
      if (kind === 'securitySchemes') continue;
      for (const [name, entry] of Object.entries(entries)) (components[kind] ??= {})[`${service}.${name}`] = entry;
    }
  }
  return {
    ...own,
    paths,
    components,
    tags: [...(own.tags ?? []), ...services.map(tagOf)],
  };
}

function tagOf({ service, document: { info } }: ServiceDocument): { name: string; description?: string } {
  return { name: service, ...(info.description !== undefined && { description: info.description }) };
}

/** What parts of the platform ask of each other is not passed on, and no client's business. */
function publicPaths(paths: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(paths).filter(([path]) => !path.startsWith('/internal/')));
}

const REFERENCE = /^#\/components\/(?!securitySchemes\/)([^/]+)\/(.+)$/;

function renameReferences(value: unknown, service: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameReferences(item, service));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string'
        ? item.replace(REFERENCE, `#/components/$1/${service}.$2`)
        : renameReferences(item, service),
    ]),
  );
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** Groups each operation under its service, and keeps operation ids apart. */
function tagged(paths: Readonly<Record<string, unknown>>, service: string): Record<string, unknown> {
  const mark = (operation: Record<string, unknown>): Record<string, unknown> => ({
    ...operation,
    tags: [service],
    ...(typeof operation['operationId'] === 'string' ? { operationId: `${service}.${operation['operationId']}` } : {}),
  });
  const markItem = (item: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(item).map(([key, value]) => [
        key,
        METHODS.has(key) ? mark(value as Record<string, unknown>) : value,
      ]),
    );
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [path, markItem(item as Record<string, unknown>)]),
  );
}
