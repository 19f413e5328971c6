import type { WantedSecret } from '@genai-platform/cdk8s';
import { namesOf, selectorLabels, wantedSecrets } from '@genai-platform/cdk8s';
import { TerminalError, refTo } from '../../runtime/index.ts';
import { PersistentVolumeClaims, Secrets } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';
import type { SecretValues } from './complete-secret.ts';
import { completeSecret } from './complete-secret.ts';
import { decodeSecret } from './secret-data.ts';

/** The values of every generated Secret by name, and which of the Secrets do not exist yet. */
export interface GeneratedSecrets {
  readonly values: Readonly<Record<string, SecretValues>>;
  readonly fresh: ReadonlySet<string>;
}

/**
 * Reads the generated Secrets and completes them in memory: what exists is never made again.
 * @throws TerminalError `SecretLost` where making a new one would lock live data away.
 */
export async function gatherGeneratedSecrets(context: PlatformContext): Promise<GeneratedSecrets> {
  const values: Record<string, SecretValues> = {};
  const fresh = new Set<string>();
  // In the order of the list: an authority comes before what it signs.
  for (const wanted of wantedSecrets(context.session.platform)) {
    const ref = refTo(Secrets, wanted.name, context.session.platform.metadata.namespace);
    // One that the platform is to adopt carries none of its labels yet, so that the cache does not have it.
    const cached = context.observe(ref) ?? (context.object.spec.adopt === true ? await context.read(ref) : undefined);
    if (!cached) {
      refuseToLockOut(wanted.name, context);
      fresh.add(wanted.name);
    }
    const found = cached ? decodeSecret(cached) : {};
    const complete = completing(wanted, values, context);
    let completed = await complete(found);
    if (cached && !areEqual(found, completed)) {
      // About to change what exists: decide on what the API server holds now, not on what the cache remembers.
      const live = await context.read(ref);
      completed = await complete(live ? decodeSecret(live) : found);
    }
    values[wanted.name] = completed;
  }
  return { values, fresh };
}

export function areEqual(a: SecretValues, b: SecretValues): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function completing(
  wanted: WantedSecret,
  before: Readonly<Record<string, SecretValues>>,
  { clock }: PlatformContext,
): (found: SecretValues) => Promise<SecretValues> {
  const now = new Date(clock.now());
  return (found) => completeSecret(wanted, { secrets: { ...before, [wanted.name]: found }, now });
}

/** The database knows its administrator's password from the day it was made; a new one would open nothing. */
function refuseToLockOut(secret: string, context: PlatformContext): void {
  const { name, namespace } = context.session.platform.metadata;
  if (secret !== namesOf(name).postgresAdmin) return;
  const [volume] = context.observeLabelled(PersistentVolumeClaims, selectorLabels(name, 'postgres'));
  if (!volume) return;
  throw new TerminalError(
    'SecretLost',
    `Secret ${namespace}/${secret} is gone, and volume ${volume.metadata.name} holds a database that only it opens: ` +
      'restore the Secret, or delete the volume to start empty',
  );
}
