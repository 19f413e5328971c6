import type { JsonSchema } from './openapi-schema.ts';

/** Problem details (RFC 9457) as `problem.ts` words them. */
export const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457)',
  required: ['type', 'title', 'status', 'code', 'instance', 'retryable', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Names the kind of problem' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    code: { type: 'string', description: 'The kind of problem, for programs' },
    retryable: { type: 'boolean', description: 'Whether the same request may succeed later' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: {
          pointer: { type: 'string', format: 'json-pointer' },
          in: { enum: ['body', 'query', 'path', 'header'], description: 'The body where absent' },
          detail: { type: 'string' },
        },
      },
    },
    request_id: { type: 'string' },
  },
};

/** The error shape that Anthropic's clients read. */
export const ANTHROPIC_ERROR: JsonSchema = {
  type: 'object',
  required: ['error', 'type'],
  properties: {
    type: { const: 'error' },
    error: {
      type: 'object',
      required: ['type', 'message'],
      properties: { type: { type: 'string' }, message: { type: 'string' } },
    },
    request_id: { type: 'string' },
  },
};

/** The error shape that OpenAI's clients read. */
export const OPENAI_ERROR: JsonSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        param: { type: ['string', 'null'] },
        code: { type: ['string', 'null'] },
      },
    },
  },
};
