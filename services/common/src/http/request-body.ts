import type { Request } from 'express';
import { AppError } from '../errors.ts';
import { isJson, matchesType, parseContentType, unsupportedMediaType } from './content-type.ts';
import type { ContentType } from './content-type.ts';
import { readJsonBody } from './json-body.ts';
import { Multipart } from './multipart.ts';
import { RawBody } from './raw-body.ts';
import type { RouteSpec } from './route.ts';
import { validate } from './validate.ts';

export interface RequestBody {
  readonly body?: unknown;
  readonly multipart?: Multipart;
  readonly raw?: RawBody;
  /** The bytes of a JSON body. */
  readonly bytes?: Buffer;
}

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;
const UTF8 = new Set([undefined, 'utf-8', 'utf8', 'us-ascii']);

/** The body types that a route takes; none for a route without a body. */
export function acceptedTypes({ body, multipart, raw }: RouteSpec): readonly string[] {
  return [
    ...(body === undefined ? [] : ['application/json']),
    ...(multipart === undefined ? [] : ['multipart/form-data']),
    ...(raw?.contentTypes ?? []),
  ];
}

/** Reads the body by its type. @throws AppError 400, 413, 415 */
export async function readRequestBody(
  req: Request,
  spec: RouteSpec,
  accepted: readonly string[],
): Promise<RequestBody> {
  const maxBytes = spec.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  const contentType = parseContentType(req.headers['content-type']);
  if (!hasBody(req)) return withoutBody(spec);
  if (contentType === undefined) throw unsupportedMediaType(accepted);
  if (spec.body !== undefined && isJson(contentType)) {
    requireUtf8(contentType);
    const { bytes, value } = await readJsonBody(req, maxBytes);
    return { bytes, body: validate(spec.body, value, 'body') };
  }
  if (spec.multipart !== undefined && contentType.type === 'multipart/form-data') {
    return { multipart: new Multipart(req, maxBytes, spec.multipart) };
  }
  if (spec.raw !== undefined && matchesType(contentType.type, spec.raw.contentTypes)) {
    return { raw: new RawBody(req, contentType, maxBytes) };
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
