import type { Identity } from '@genai-platform/common';
import { tenantForbidden } from '../errors.ts';
import { BOOTSTRAP_TENANT } from '../keys/bootstrap-admin.ts';

/**
 * The tenant that an administrator works on: the own one, or any for an administrator of the platform's first tenant.
 * @throws AppError 403
 */
export function tenantOf({ tenant, scopes }: Identity, wanted: string | undefined): string {
  if (wanted === undefined || wanted === tenant) return tenant;
  if (tenant === BOOTSTRAP_TENANT && scopes.includes('*')) return wanted;
  throw tenantForbidden();
}
