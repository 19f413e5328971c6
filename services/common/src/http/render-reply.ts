import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { isUnmodified } from './etag.ts';
import { EVENT_STREAM_HEADERS, sendEvents } from './event-stream.ts';
import { EmptyReply, EventStreamReply, OwnReply, Reply, StreamReply } from './reply.ts';
import type { RenderedReply } from './rendered-reply.ts';
import type { ReplyOptions, StreamSource } from './reply.ts';

export interface ReplyDescription {
  readonly schema: z.ZodType | undefined;
  readonly status: number;
}

/**
 * Renders what a handler returned; nothing where the handler has answered by itself. A JSON reply goes through the
 * route's schema: nothing that is not described leaves the service.
 */
export function renderReply(result: unknown, description: ReplyDescription): RenderedReply | undefined {
  const { status } = description;
  if (result instanceof OwnReply) return undefined;
  if (result instanceof StreamReply) return renderStream(result, status);
  if (result instanceof EventStreamReply) return renderEvents(result);
  if (result === undefined) return { status: status === 200 ? 204 : status, headers: {} };
  if (result instanceof EmptyReply)
    return { status: result.options.status ?? status, headers: result.options.headers ?? {} };
  if (result instanceof Reply) return renderJson(result.body, result.options, description);
  return renderJson(result, {}, description);
}

/** Sends a reply; as a 304 without body where the client has it already. */
export async function writeReply(req: Request, res: Response, reply: RenderedReply): Promise<void> {
  const { status, headers, body, send } = reply;
  for (const name in headers) res.setHeader(name, headers[name] as string | number | readonly string[]);
  if (isUnmodified(req, status, headers.etag)) {
    res.removeHeader('content-type');
    res.statusCode = 304;
    res.end();
    return;
  }
  res.statusCode = status;
  if (send !== undefined) return await send(req, res);
  if (body !== undefined) res.setHeader('content-length', Buffer.byteLength(body));
  res.end(body);
}

function renderJson(body: unknown, options: ReplyOptions, { schema, status }: ReplyDescription): RenderedReply {
  return {
    status: options.status ?? status,
    headers: { 'content-type': 'application/json', ...options.headers },
    body: JSON.stringify(schema === undefined ? body : described(schema, body)),
  };
}

function described(schema: z.ZodType, body: unknown): unknown {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 10).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`the reply is not as its schema says: ${issues.join('; ')}`);
}

function renderStream({ source, contentType, options }: StreamReply, status: number): RenderedReply {
  const head = { status: options.status ?? status, headers: { 'content-type': contentType, ...options.headers } };
  if (typeof source === 'string' || source instanceof Uint8Array) return { ...head, body: source };
  return { ...head, send: (_req, res) => sendStream(res, source) };
}

function renderEvents({ source, options }: EventStreamReply): RenderedReply {
  return {
    status: 200,
    headers: { ...EVENT_STREAM_HEADERS, ...options.headers },
    send: (req, res) => sendEvents(req, res, source, options),
  };
}

async function sendStream(res: Response, source: Exclude<StreamSource, string | Uint8Array>): Promise<void> {
  const bytes = source instanceof Readable ? source : Readable.from(source, { objectMode: false });
  await pipeline(bytes, res);
}
