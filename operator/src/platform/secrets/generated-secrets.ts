import type { WantedSecret } from '@genai-platform/cdk8s';
import { namesOf, selectorLabels, wantedSecrets } from '@genai-platform/cdk8s';
import type { LiveObject } from '../../runtime/index.ts';
import { TerminalError, refTo } from '../../runtime/index.ts';
import type { Secret } from '../kinds.ts';
import { PersistentVolumeClaims, Secrets } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';
import type { SecretValues } from './complete-secret.ts';
import { completeSecret } from './complete-secret.ts';
import { decodeSecret } from './secret-data.ts';

/** The values of every generated Secret by name, and which of the Secrets do not exist yet. */
export interface GeneratedSecrets {
  readonly values: Readonly<Record<string, SecretValues>>;
  readonly fresh: ReadonlySet<string>;
  /** The resourceVersion that the values of each existing one were read from. */
  readonly versions: Map<string, string>;
}

/**
 * Reads the generated Secrets and completes them in memory: what exists is never made again.
 * @throws TerminalError `SecretLost` where making a new one would lock live data away.
 */
export async function gatherGeneratedSecrets(context: PlatformContext): Promise<GeneratedSecrets> {
  const values: Record<string, SecretValues> = {};
  const fresh = new Set<string>();
  const versions = new Map<string, string>();
  // In the order of the list: an authority comes before what it signs.
  for (const wanted of wantedSecrets(context.session.platform)) {
    const ref = refTo(Secrets, wanted.name, context.session.platform.metadata.namespace);
    // One that the platform is to adopt carries none of its labels yet, so that the cache does not have it.
    const cached = context.observe(ref) ?? (context.object.spec.adopt === true ? await context.read(ref) : undefined);
    if (!cached) {
      refuseToLockOut(wanted.name, context);
      fresh.add(wanted.name);
    }
    const settled = await settle(cached, completing(wanted, values, context), () => context.read(ref));
    values[wanted.name] = settled.values;
    if (settled.version !== undefined) versions.set(wanted.name, settled.version);
  }
  return { values, fresh, versions };
}

/** The complete values of a Secret, and of which version of it. */
async function settle(
  cached: LiveObject<Secret> | undefined,
  complete: (found: SecretValues) => Promise<SecretValues>,
  read: () => Promise<LiveObject<Secret> | undefined>,
): Promise<{ readonly values: SecretValues; readonly version: string | undefined }> {
  const found = cached ? decodeSecret(cached) : {};
  const values = await complete(found);
  if (!cached || areEqual(found, values)) return { values, version: cached?.metadata.resourceVersion };
  // About to change what exists: decide on what the API server holds now, not on what the cache remembers.
  const live = (await read()) ?? cached;
  return { values: await complete(decodeSecret(live)), version: live.metadata.resourceVersion };
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
