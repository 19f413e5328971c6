import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { describeApi, get, post } from '../src/index.ts';
import type { Route } from '../src/index.ts';
import { sampleRoutes, startSample } from './builders/sample-service.ts';

/** Any JSON, to look into. */
type Document = ReturnType<JSON['parse']>;
const describe_ = (...list: Route[]): Document => describeApi({ title: 't', version: '1', routes: list });

test('the served document is valid OpenAPI 3.1', async () => {
  const service = await startSample({ title: 'Notes', description: 'About notes' });
  const document = (await (await service.fetch('/openapi.json', { as: null })).json()) as Document;
  expect(document.openapi).toBe('3.1.1');
  expect(document.info).toEqual({ title: 'Notes', version: '0.0.0-test', description: 'About notes' });
  const result = await new Validator().validate(document);
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  await service.close();
});

test('parameters, bodies, replies, scopes and errors are described by the schemas that validate', () => {
  const { paths, components } = describe_(...sampleRoutes);
  expect(paths['/v1/search'].get.parameters).toEqual([
    { name: 'q', in: 'query', required: true, schema: { type: 'string' } },
    { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
  ]);
  const write = paths['/v1/notes'].post;
  expect(write.operationId).toBe('postNotes');
  expect(write.security).toEqual([{ bearer: ['notes:write'] }]);
  expect(write.requestBody).toEqual({
    required: true,
    'x-max-body-bytes': 1_000,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/NewNote' } } },
  });
  expect(write.responses['201'].content['application/json'].schema).toEqual({ $ref: '#/components/schemas/Note' });
  expect(components.schemas.NewNote).toMatchObject({ required: ['text'], additionalProperties: false });
  expect(components.schemas.Note).toMatchObject({ required: ['id', 'text', 'stars'], description: 'A note' });
  expect(components.schemas.Note.additionalProperties).toBeUndefined();
  expect(Object.keys(write.responses.default.content)).toEqual(['application/problem+json']);
  expect(Object.keys(paths['/v1/chat/completions'].post.responses.default.content)).toEqual(['application/json']);
  expect(paths['/v1/notes/{id}'].delete.responses['204']).toBeDefined();
  expect(paths['/v1/notes/{id}'].delete.parameters).toEqual([
    { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
  ]);
  expect(Object.keys(paths['/v1/upload'].post.requestBody.content)).toEqual([
    'multipart/form-data',
    'text/plain',
    'image/*',
  ]);
  expect(paths['/v1/stream'].get.responses['200'].content).toEqual({ 'text/plain': {} });
});

test('a schema that reads differently as request and as reply becomes two components', () => {
  const Thing = z.object({ n: z.number().default(1) }).meta({ id: 'Thing' });
  const { components, paths } = describe_(
    post('/v1/things', { summary: 's', body: Thing, reply: Thing }, ({ body }) => body),
  );
  expect(components.schemas.Thing.required).toBeUndefined();
  expect(components.schemas.ThingOutput.required).toEqual(['n']);
  expect(paths['/v1/things'].post.responses['200'].content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/ThingOutput',
  });
});

test('a schema that contains itself is described, with a name or without', async () => {
  const Tree = z.object({
    v: z.number(),
    get kids() {
      return z.array(Tree);
    },
  });
  const Named = z
    .object({
      get next() {
        return Named.optional();
      },
    })
    .meta({ id: 'Named' });
  const document = describe_(
    get('/v1/tree', { summary: 's', reply: Tree }, () => ({ v: 1, kids: [] })),
    get('/v1/named', { summary: 's', reply: Named }, () => ({})),
  );
  expect(document.components.schemas.getTreeReply.properties.kids.items).toEqual({
    $ref: '#/components/schemas/getTreeReply',
  });
  expect((await new Validator().validate(document)).errors ?? []).toEqual([]);
});

test('operation ids are unique for all sample routes', () => {
  const { paths } = describe_(...sampleRoutes) as unknown as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('getNotesById');
});
