import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { z } from 'zod';
import { EmptyReply, OwnReply, Reply, StreamReply } from './reply.ts';
import type { ReplyOptions } from './reply.ts';

/**
 * Sends what a handler returned. A JSON reply goes through the route's schema first: nothing that is not described
 * leaves the service.
 */
export async function sendReply(
  res: Response,
  result: unknown,
  schema: z.ZodType | undefined,
  status: number,
): Promise<void> {
  if (result instanceof OwnReply) return;
  if (result instanceof StreamReply) return await sendStream(res, result, status);
  if (result instanceof EmptyReply || result === undefined) {
    setHead(res, result?.options ?? {}, result === undefined && status === 200 ? 204 : status);
    res.end();
    return;
  }
  if (result instanceof Reply) sendJson(res, result.body, result.options, { schema, status });
  else sendJson(res, result, {}, { schema, status });
}

interface Described {
  readonly schema: z.ZodType | undefined;
  readonly status: number;
}

function sendJson(res: Response, body: unknown, options: ReplyOptions, { schema, status }: Described): void {
  const text = JSON.stringify(schema === undefined ? body : described(schema, body));
  setHead(res, options, status);
  if (!res.hasHeader('content-type')) res.setHeader('content-type', 'application/json');
  res.setHeader('content-length', Buffer.byteLength(text));
  res.end(text);
}

function described(schema: z.ZodType, body: unknown): unknown {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 10).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`the reply is not as its schema says: ${issues.join('; ')}`);
}

function setHead(res: Response, { status, headers }: ReplyOptions, defaultStatus: number): void {
  res.statusCode = status ?? defaultStatus;
  for (const name in headers) res.setHeader(name, headers[name] as string | number | readonly string[]);
}

async function sendStream(res: Response, { source, contentType, options }: StreamReply, status: number): Promise<void> {
  setHead(res, options, status);
  res.setHeader('content-type', contentType);
  if (typeof source === 'string' || source instanceof Uint8Array) {
    res.setHeader('content-length', Buffer.byteLength(source));
    res.end(source);
    return;
  }
  const bytes = source instanceof Readable ? source : Readable.from(source, { objectMode: false });
  await pipeline(bytes, res);
}
