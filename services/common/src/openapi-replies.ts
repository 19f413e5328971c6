import { ANTHROPIC_ERROR } from './openapi-errors.ts';
import { STATUS_CODES } from 'node:http';
import type { ReplyDocumentation, RouteSpec } from './http/route.ts';
import type { SchemaCollector } from './openapi-schema.ts';

const REQUEST_ID = { description: 'Names this request in logs', schema: { type: 'string' } };

/** The replies of a route: its own, the documented ones, and the error shape for all others. */
export function describeReplies(spec: RouteSpec, schemas: SchemaCollector, id: string): Record<string, object> {
  const replies: Record<string, object> = {};
  const { status = spec.reply === undefined && spec.produces === undefined ? 204 : 200 } = spec;
  replies[status] = describeReply(STATUS_CODES[status] ?? 'Reply', ownContent(spec, schemas, `${id}Reply`));
  for (const [code, reply] of Object.entries(spec.replies ?? {})) {
    replies[code] = describeReply(reply.description, furtherContent(reply, schemas, `${id}Reply${code}`));
  }
  replies.default = describeReply('An error', errorContent(spec));
  return replies;
}

function describeReply(description: string, content: Record<string, object>): object {
  const headers = { 'x-request-id': REQUEST_ID };
  return Object.keys(content).length === 0 ? { description, headers } : { description, headers, content };
}

function ownContent(spec: RouteSpec, schemas: SchemaCollector, name: string): Record<string, object> {
  const binary = Object.fromEntries((spec.produces ?? []).map((type) => [type, {}]));
  if (spec.reply === undefined) return binary;
  return { 'application/json': { schema: schemas.add(spec.reply, 'output', name) }, ...binary };
}

function furtherContent(reply: ReplyDocumentation, schemas: SchemaCollector, name: string): Record<string, object> {
  const { schema, contentTypes = schema === undefined ? [] : ['application/json'] } = reply;
  const body = schema === undefined ? {} : { schema: schemas.add(schema, 'output', name) };
  return Object.fromEntries(contentTypes.map((type) => [type, body]));
}

function errorContent({ errorFormat = 'problem' }: RouteSpec): Record<string, object> {
  switch (errorFormat) {
    case 'problem':
      return { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
    case 'openai':
      return { 'application/json': { schema: { $ref: '#/components/schemas/OpenAIError' } } };
    case 'anthropic':
      return { 'application/json': { schema: ANTHROPIC_ERROR } };
  }
}
