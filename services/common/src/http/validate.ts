import type { z } from 'zod';
import { AppError } from '../errors.ts';
import type { FieldError } from '../errors.ts';

const MAX_ERRORS = 20;

/**
 * Checks one part of a request by its schema.
 *
 * @throws AppError 400 that lists every wrong member by JSON Pointer
 */
export function validate<S extends z.ZodType>(
  schema: S,
  value: unknown,
  part: NonNullable<FieldError['in']>,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('REQUEST_INVALID', {
    status: 400,
    detail: `the ${part === 'path' ? 'address' : part} is not as described`,
    errors: fieldErrors(result.error.issues, part),
  });
}

/** The wrong members that zod found, by JSON Pointer (RFC 6901). */
export function fieldErrors(issues: readonly z.core.$ZodIssue[], part: NonNullable<FieldError['in']>): FieldError[] {
  return issues.slice(0, MAX_ERRORS).map((issue) => ({
    pointer: jsonPointer(issue.path),
    ...(part === 'body' ? {} : { in: part }),
    detail: issue.message,
  }));
}

export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
