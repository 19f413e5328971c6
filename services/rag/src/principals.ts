import { AppError } from '@genai-platform/common';
import type { Identity } from '@genai-platform/common';
import { EVERYONE } from './store/document-rows.ts';

/** Scope that sees every document, and lets a caller ask on others' behalf: an application that knows its own users. */
const ADMIN = 'rag:admin';

export function isAdmin({ scopes }: Pick<Identity, 'scopes'>): boolean {
  return scopes.includes(ADMIN) || scopes.includes('*');
}

/**
 * Whose documents a request may find: the caller's own, or those of the principals that it names on somebody's behalf.
 *
 * @throws AppError 403 where the caller may not speak for others
 */
export function principalsOf(identity: Identity, named: readonly string[] | undefined): readonly string[] {
  if (named === undefined) return [`user:${identity.subject}`, EVERYONE];
  if (isAdmin(identity)) return [...named, EVERYONE];
  throw new AppError('RAG_PRINCIPALS_FORBIDDEN', {
    status: 403,
    detail: `to name principals needs the scope ${ADMIN}`,
    pointer: '/principals',
  });
}

/** Who looks at documents one by one: an administrator sees all of them. */
export function readersOf(identity: Identity): readonly string[] | null {
  return isAdmin(identity) ? null : [`user:${identity.subject}`, EVERYONE];
}

/** @throws AppError 403 where somebody else has made it */
export function refuseStrangers(identity: Identity, createdBy: string, what: string): void {
  if (isAdmin(identity) || identity.subject === createdBy) return;
  throw new AppError('RAG_NOT_YOURS', {
    status: 403,
    detail: `only who has made the ${what}, or ${ADMIN}, may do that`,
  });
}
