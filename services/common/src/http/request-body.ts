import type { Request } from 'express';
import { AppError } from '../errors.ts';
import { tooLarge } from './body-stream.ts';
import { isJson, matchesType, parseContentType, unsupportedMediaType } from './content-type.ts';
import type { ContentType } from './content-type.ts';
import type { Fingerprint } from './fingerprint.ts';
import { readJsonBody } from './json-body.ts';
import { Multipart } from './multipart.ts';
import { RawBody } from './raw-body.ts';
import type { RouteSpec } from './route.ts';
import { validate } from './validate.ts';

export interface RequestBody {
  readonly body?: unknown;
  readonly multipart?: Multipart;
  readonly raw?: RawBody;
}

export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;
const NO_TYPE: ContentType = { type: '', charset: undefined };
const UTF8 = new Set([undefined, 'utf-8', 'utf8', 'us-ascii']);

/** The body types that a route takes; none for a route without a body. */
export function acceptedTypes({ body, multipart, raw }: RouteSpec): readonly string[] {
  return [
    ...(body === undefined ? [] : ['application/json']),
    ...(multipart === undefined ? [] : ['multipart/form-data']),
    ...(raw?.contentTypes ?? []),
  ];
}

export interface BodyOptions {
  readonly spec: RouteSpec;
  readonly accepted: readonly string[];
  /** Takes the digest of what is read. */
  readonly fingerprint: Fingerprint | undefined;
}

/** Reads the body by its type. @throws AppError 400, 413, 415 */
export async function readRequestBody(req: Request, options: BodyOptions): Promise<RequestBody> {
  const { spec, fingerprint } = options;
  const maxBytes = spec.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  if (!hasBody(req)) return withoutBody(spec);
  // Before anything runs: a handler that reads a form piece by piece would find out too late.
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const contentType = parseContentType(req.headers['content-type']) ?? NO_TYPE;
  const { body } = spec;
  if (body !== undefined && isJson(contentType)) {
    requireUtf8(contentType);
    const { bytes, value } = await readJsonBody(req, maxBytes);
    fingerprint?.update(bytes);
    return { body: validate(body, value, 'body') };
  }
  return streamedBody(req, { contentType, maxBytes, ...options });
}

/** A form or a raw body: what is in it comes when the handler reads it. */
function streamedBody(
  req: Request,
  { spec, accepted, fingerprint, contentType, maxBytes }: BodyOptions & { contentType: ContentType; maxBytes: number },
): RequestBody {
  const { multipart, raw } = spec;
  if (multipart !== undefined && contentType.type === 'multipart/form-data') {
    return { multipart: new Multipart(req, maxBytes, multipart, fingerprint) };
  }
  if (raw !== undefined && matchesType(contentType.type, raw.contentTypes)) {
    return { raw: new RawBody(req, contentType, maxBytes, fingerprint) };
  }
  throw unsupportedMediaType(accepted);
}

function hasBody(req: Request): boolean {
  if (req.headers['transfer-encoding'] !== undefined) return true;
  return Number(req.headers['content-length'] ?? 0) > 0;
}

function withoutBody(spec: RouteSpec): RequestBody {
  if (spec.body?.safeParse(undefined).success === true) return { body: spec.body.parse(undefined) };
  throw new AppError('REQUEST_BODY_MISSING', { status: 400, detail: 'the request needs a body' });
}

/** JSON is UTF-8 (RFC 8259). */
function requireUtf8({ charset }: ContentType): void {
  if (!UTF8.has(charset)) throw unsupportedMediaType(['application/json; charset=utf-8']);
}
