import { AppError } from '../errors.ts';

export interface ContentType {
  /** Lower-case `type/subtype`. */
  readonly type: string;
  /** Lower-case, where given. */
  readonly charset: string | undefined;
}

const CHARSET = /;\s*charset\s*=\s*"?([\w-]+)"?/i;

/** Reads a Content-Type header (RFC 9110 section 8.3); undefined where there is none. */
export function parseContentType(header: string | undefined): ContentType | undefined {
  if (header === undefined || header === '') return undefined;
  const end = header.indexOf(';');
  const type = (end === -1 ? header : header.slice(0, end)).trim().toLowerCase();
  return { type, charset: end === -1 ? undefined : CHARSET.exec(header)?.[1]?.toLowerCase() };
}

export function isJson({ type }: ContentType): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

/** Whether `type` is within one of the ranges, each like `text/plain`, `image/*`, or the range of all types. */
export function matchesType(type: string, ranges: readonly string[]): boolean {
  if (type === '') return false;
  return ranges.some((range) => {
    if (range === '*/*' || range === type) return true;
    return range.endsWith('/*') && type.startsWith(range.slice(0, -1));
  });
}

/** The 415 of a body of a kind that the route does not take. */
export function unsupportedMediaType(accepted: readonly string[]): AppError {
  return new AppError('UNSUPPORTED_MEDIA_TYPE', {
    status: 415,
    detail: `the body has to be ${accepted.join(' or ')}`,
    headers: { accept: accepted.join(', ') },
  });
}
