/** One operation of an OpenAPI document, as far as the tests of conventions need it. */
export interface DocumentedOperation {
  readonly method: string;
  /** With the parameters filled in. */
  readonly path: string;
  readonly scopes: readonly string[];
  readonly isPublic: boolean;
  /** Types that its body may have; none for an operation without a body. */
  readonly bodyTypes: readonly string[];
  readonly maxBodyBytes: number;
  readonly errorFormat: 'problem' | 'openai';
  readonly summary: string;
  readonly operationId: string;
}

type Described = Omit<DocumentedOperation, 'method' | 'path'>;

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, unknown>; readonly 'x-max-body-bytes'?: number };
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
  readonly security?: readonly Record<string, readonly string[]>[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly type?: string; readonly format?: string; readonly enum?: readonly string[] };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** @param values of path and query parameters, by name, where a made-up one would not pass */
export function documentedOperations(
  document: OpenApi,
  values: Readonly<Record<string, string>>,
): DocumentedOperation[] {
  return Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: fillPath(template, operation.parameters ?? [], values),
      ...describe(operation),
    })),
  );
}

function describe({ security = [], requestBody, responses, summary = '', operationId = '' }: Operation): Described {
  const { content = {}, 'x-max-body-bytes': maxBodyBytes = Infinity } = requestBody ?? {};
  const isProblem = JSON.stringify(responses.default).includes('application/problem+json');
  return {
    scopes: security.flatMap((way) => way.bearer ?? []),
    isPublic:
      security.every((way) => way.bearer === undefined) || security.some((way) => Object.keys(way).length === 0),
    bodyTypes: Object.keys(content),
    maxBodyBytes,
    errorFormat: isProblem ? 'problem' : 'openai',
    summary,
    operationId,
  };
}

function fillPath(
  template: string,
  parameters: readonly Parameter[],
  values: Readonly<Record<string, string>>,
): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((known) => known.in === 'path' && known.name === name);
    return encodeURIComponent(values[name] ?? madeUp(parameter));
  });
  const query: [string, string][] = parameters
    .filter(
      (parameter) => parameter.in === 'query' && (parameter.required === true || values[parameter.name] !== undefined),
    )
    .map((parameter) => [parameter.name, values[parameter.name] ?? madeUp(parameter)]);
  return query.length === 0 ? path : `${path}?${new URLSearchParams(query).toString()}`;
}

function madeUp(parameter: Parameter | undefined): string {
  const { type, format, enum: choices } = parameter?.schema ?? {};
  if (choices?.[0] !== undefined) return choices[0];
  if (format === 'uuid') return '0190a6b1-7c1e-7000-8000-000000000000';
  return type === 'integer' || type === 'number' ? '1' : 'x';
}
