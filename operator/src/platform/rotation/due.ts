import { refTo } from '../../runtime/index.ts';
import { Secrets } from '../kinds.ts';
import type { SecretValues } from '../secrets/secret-data.ts';
import type { PlatformContext } from '../session.ts';

/** Any new value of it on a platform has the passwords of the database and the cache replaced. */
export const ROTATE_ANNOTATION = 'genaiplatform.io/rotate-credentials';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Whether the password in this Secret is to be replaced: because somebody says so, or because it is old enough. One that
 * the user gives is replaced when another is given, and at no other time.
 */
export function isDue(secret: string, values: SecretValues, context: PlatformContext): boolean {
  const given = context.session.given.get(secret);
  if (given) return given['password'] !== values['password'];
  const asked = context.object.metadata.annotations?.[ROTATE_ANNOTATION];
  if (asked !== undefined && asked !== values['rotated-for']) return true;
  return isOld(secret, values, context);
}

function isOld(secret: string, values: SecretValues, context: PlatformContext): boolean {
  const days = context.object.spec.secrets?.rotation?.intervalDays;
  if (days === undefined) return false;
  const { namespace } = context.session.platform.metadata;
  const since = values['rotated-at'] ?? context.observe(refTo(Secrets, secret, namespace))?.metadata.creationTimestamp;
  return since !== undefined && context.clock.now() - Date.parse(since) >= days * DAY_MS;
}
