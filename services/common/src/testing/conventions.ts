import { request } from 'node:http';
import type * as jest from '@jest/globals';
import type { DocumentedOperation, OpenApi } from './documented-operation.ts';
import type { TestService } from './start-service.ts';

export interface ConventionsOptions {
  /** Starts the service anew, as its own tests do, ready to answer. */
  readonly start: () => Promise<TestService>;
  /** Values of parameters, by name, where a made-up one would not pass the schema. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether addresses that are not documented are answered by somebody else, as behind a gateway. */
  readonly forwardsUnknown?: boolean;
}

/** A running service, and what its documentation says. */
export interface Subject {
  readonly name: string;
  readonly options: ConventionsOptions;
  readonly service: TestService;
  readonly document: OpenApi;
  readonly operations: readonly DocumentedOperation[];
  readonly expect: typeof jest.expect;
}

/** The conventions, each by its sentence. */
export const CONVENTIONS: Readonly<Record<string, (subject: Subject) => Promise<void>>> = {
  'answers its probes without identity': async ({ expect, service }) => {
    expect((await service.fetch('/livez', { as: null })).status).toBe(200);
    const ready = await service.fetch('/readyz', { as: null });
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready' }]);
  },

  'measures itself under its own name': async ({ expect, name, service }) => {
    const text = await (await service.fetch('/metrics', { as: null })).text();
    const prefix = `genai_${name.replaceAll('-', '_')}_`;
    expect(text).toContain(`${prefix}http_request_duration_seconds_bucket`);
    const names = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, metric = '']) => metric);
    expect(names.filter((metric) => !metric.startsWith(prefix) && !/^(process|nodejs)_/.test(metric))).toEqual([]);
  },

  'documents itself in valid OpenAPI 3.1': async ({ expect, document, operations }) => {
    const { Validator } = await import('@seriousme/openapi-schema-validator');
    const { valid, errors } = await new Validator().validate(document as unknown as Record<string, unknown>);
    expect({ valid, errors }).toMatchObject({ valid: true });
    expect(operations.filter(({ summary }) => summary === '')).toEqual([]);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  },

  'sends back the request id, and security headers': async ({ expect, service }) => {
    const { headers } = await service.fetch('/livez', { headers: { 'x-request-id': 'conformance-1' } });
    expect(headers.get('x-request-id')).toBe('conformance-1');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  },

  'asks for an identity wherever the documentation says so': async ({ expect, service, operations }) => {
    const guarded = operations.filter(({ isPublic }) => !isPublic);
    const wrong = await failing(guarded, (operation) => refusal(service, operation, { as: null }, 401));
    expect(wrong).toEqual([]);
  },

  'asks for the documented scopes': async ({ expect, service, operations }) => {
    const scoped = operations.filter(({ scopes }) => scopes.length > 0);
    const wrong = await failing(scoped, (operation) => refusal(service, operation, { as: { scopes: [] } }, 403));
    expect(wrong).toEqual([]);
  },

  'refuses bodies that are too large, before reading them': async ({ expect, service, operations }) => {
    const bounded = operations.filter(({ bodyTypes }) => bodyTypes.length > 0);
    expect(bounded.filter(({ maxBodyBytes }) => maxBodyBytes === Infinity)).toEqual([]);
    const wrong = await failing(bounded, async (operation) => {
      const status = await declareBody(service, operation);
      return status === 413 ? undefined : `answered ${status} instead of 413`;
    });
    expect(wrong).toEqual([]);
  },

  'refuses bodies of types that are not documented': async ({ expect, service, operations }) => {
    const typed = operations.filter(({ bodyTypes }) => bodyTypes.length > 0 && !bodyTypes.includes('*/*'));
    const unknown = { body: 'x', headers: { 'content-type': 'application/x-conformance' } };
    expect(await failing(typed, (operation) => refusal(service, operation, unknown, 415))).toEqual([]);
  },

  'says where a JSON body is malformed': async ({ expect, service, operations }) => {
    const json = operations.filter(({ bodyTypes }) => bodyTypes.includes('application/json'));
    const malformed = { body: '{"a":', headers: { 'content-type': 'application/json' } };
    expect(await failing(json, (operation) => refusal(service, operation, malformed, 400))).toEqual([]);
  },

  'answers unknown addresses and methods with problem details': async ({ expect, options, service }) => {
    if (options.forwardsUnknown === true) return;
    const missing = await service.fetch('/v1/no-such-address-anywhere');
    expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    const wrong = await service.fetch('/livez', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  },

  'is not ready as soon as it stops, but goes on answering': async ({ expect, options }) => {
    const stopping = await options.start();
    try {
      stopping.context.lifecycle.beginDrain();
      const ready = await stopping.fetch('/readyz', { as: null });
      expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
      expect((await stopping.fetch('/livez', { as: null })).status).toBe(200);
    } finally {
      await stopping.close();
    }
    await expect(stopping.fetch('/livez', { as: null })).rejects.toThrow();
  },
};

/** Which operations fail a check, and how. */
async function failing(
  operations: readonly DocumentedOperation[],
  check: (operation: DocumentedOperation) => Promise<string | undefined>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of operations) {
    const problem = await check(operation);
    if (problem !== undefined) wrong.push(`${operation.method} ${operation.path}: ${problem}`);
  }
  return wrong;
}

/** Expects an error of this status in the documented shape. */
async function refusal(
  service: TestService,
  { method, path, errorFormat, bodyTypes }: DocumentedOperation,
  sent: NonNullable<Parameters<TestService['fetch']>[1]>,
  status: number,
): Promise<string | undefined> {
  const body = bodyTypes.length > 0 ? { body: '{}', headers: { 'content-type': bodyTypes[0] ?? '' } } : {};
  const response = await service.fetch(path, { method, ...body, ...sent });
  const text = await response.text();
  if (response.status !== status) return `answered ${response.status} instead of ${status}: ${text.slice(0, 200)}`;
  if (errorFormat === 'openai') return text.startsWith('{"error":{') ? undefined : `no OpenAI error: ${text}`;
  const type = response.headers.get('content-type');
  if (type !== 'application/problem+json') return `answered with ${type}`;
  const { request_id: id } = JSON.parse(text) as { request_id?: string };
  return id === response.headers.get('x-request-id') ? undefined : 'the problem names another request id';
}

/** Declares a body one byte over the limit, and sends only its beginning. */
async function declareBody(service: TestService, operation: DocumentedOperation): Promise<number> {
  const token = await service.context.testIdentity.token(service.context.name);
  const type = operation.bodyTypes[0] === '*/*' ? 'application/octet-stream' : operation.bodyTypes[0];
  return await new Promise((resolve, reject) => {
    const outgoing = request(service.url + operation.path, {
      method: operation.method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': type === 'multipart/form-data' ? `${type}; boundary=b` : type,
        'content-length': operation.maxBodyBytes + 1,
      },
    });
    outgoing.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      outgoing.destroy();
    });
    outgoing.on('error', reject);
    outgoing.write('x');
  });
}
