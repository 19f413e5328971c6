import type { ErrorPolicy } from '../errors.ts';
import { RuntimeError } from '../errors.ts';
import type { ObjectRef } from '../resource-kind.ts';
import { describeRef } from '../resource-kind.ts';
import type { StatusCause } from '../transport/api-error.ts';
import { ApiError } from '../transport/api-error.ts';

/** The change touches fields that cannot change after creation; only deleting and creating again would do it. */
export class ImmutableField extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'never', reason: 'ImmutableField' };
  readonly ref: ObjectRef;
  /** `spec.template`, `spec.selector`; empty where the API server does not say. */
  readonly fields: readonly string[];

  constructor(ref: ObjectRef, causes: readonly StatusCause[], cause: ApiError) {
    const fields = causes.flatMap(({ field }) => (field === undefined ? [] : [field]));
    const which = fields.length > 0 ? fields.join(', ') : 'a field';
    super(`${describeRef(ref)}: ${which} cannot be changed after creation`, { cause });
    this.ref = ref;
    this.fields = fields;
  }
}

// Validation says "field is immutable" (Jobs, Services, PVCs, Deployments' selectors), StatefulSets and PVCs' specs
// "updates to … fields other than … are forbidden", CEL transition rules the author's own words with "immutable".
const wording =
  /immutable|updates to .* are forbidden|is immutable after creation|may not be changed|cannot be changed/i;

/** The error as `ImmutableField` if that is what it is, else as it came. */
export function nameImmutable(ref: ObjectRef, error: unknown): unknown {
  if (!(error instanceof ApiError) || error.code !== 422) return error;
  const causes = error.causes.filter((cause) => wording.test(cause.message ?? ''));
  return causes.length > 0 || wording.test(error.message) ? new ImmutableField(ref, causes, error) : error;
}
