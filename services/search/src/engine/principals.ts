import { AppError } from '@genai-platform/common';
import type { Identity } from '@genai-platform/common';

/** Scope that lets a caller name the principals itself: an application that knows its own users' groups. */
const SCOPE = 'search:admin';

/**
 * Whose documents a request may find on an index with access control: the caller's own, or those of the principals
 * that it names on somebody's behalf.
 *
 * @throws AppError 403 where the caller may not speak for others
 */
export function principalsOf(identity: Identity, named: readonly string[] | undefined): readonly string[] {
  if (named === undefined) return [`user:${identity.subject}`];
  if (identity.scopes.includes(SCOPE) || identity.scopes.includes('*')) return named;
  throw new AppError('SEARCH_PRINCIPALS_FORBIDDEN', {
    status: 403,
    detail: `to name principals needs the scope ${SCOPE}`,
    pointer: '/principals',
  });
}
