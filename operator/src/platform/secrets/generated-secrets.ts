import type { WantedSecret } from '@genai-platform/cdk8s';
import { dataLabel, namesOf, platformLabel, selectorLabels, wantedSecrets } from '@genai-platform/cdk8s';
import type { ApplyOptions } from '../../runtime/index.ts';
import { TerminalError, refTo } from '../../runtime/index.ts';
import type { Platform } from '../kinds.ts';
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
    const cached = context.observe(ref);
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

/**
 * How data and its keys are written: without an owner, so that no garbage collector can take them, whatever becomes of
 * the platform; its finalizer removes them where `deletionPolicy: Delete` says so. A platform of the same name takes
 * them up again.
 */
export function asData({ metadata }: Platform): ApplyOptions {
  return {
    retain: true,
    adopt: ({ metadata: { labels = {} } }) => labels[platformLabel] === metadata.name && dataLabel in labels,
  };
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
