import type { WantedSecret } from '@genai-platform/cdk8s';
import { namesOf, selectorLabels, wantedSecrets } from '@genai-platform/cdk8s';
import type { LiveObject } from '../../runtime/index.ts';
import { TerminalError, refTo } from '../../runtime/index.ts';
import type { Secret } from '../kinds.ts';
import { Deployments, PersistentVolumeClaims, Secrets } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';
import type { SecretValues } from './secret-data.ts';
import { completeSecret } from './complete-secret.ts';
import { givenValues } from './given-values.ts';
import { decodeSecret } from './secret-data.ts';

/** The values of every generated Secret by name, and which of the Secrets do not exist yet. */
export interface GeneratedSecrets {
  readonly values: Readonly<Record<string, SecretValues>>;
  readonly fresh: ReadonlySet<string>;
  /** The resourceVersion that the values of each existing one were read from. */
  readonly versions: Map<string, string>;
  /** What the user gives, by the name and the keys of the platform's Secret. */
  readonly given: ReadonlyMap<string, SecretValues>;
}

/**
 * Reads the generated Secrets and completes them in memory: what exists is never made again.
 * @param theirs the values of the user's Secrets by name.
 * @throws TerminalError `SecretLost` where making a new one would lock live data away; `SecretInvalid` and
 *   `SecretChangeRefused` where what the user gives cannot be used.
 */
export async function gatherGeneratedSecrets(
  context: PlatformContext,
  theirs: Readonly<Record<string, SecretValues>>,
): Promise<GeneratedSecrets> {
  const values: Record<string, SecretValues> = {};
  const fresh = new Set<string>();
  const versions = new Map<string, string>();
  const given = new Map<string, SecretValues>();
  // In the order of the list: an authority comes before what it signs.
  const all = wantedSecrets(context.session.platform);
  refuseOwn(all);
  for (const wanted of all) {
    const ref = refTo(Secrets, wanted.name, context.session.platform.metadata.namespace);
    // One that the platform is to adopt carries none of its labels yet, so that the cache does not have it.
    const cached = context.observe(ref) ?? (context.object.spec.adopt === true ? await context.read(ref) : undefined);
    const own = wanted.kind === 'values' ? givenValues(wanted, theirs) : undefined;
    if (own) given.set(wanted.name, own);
    if (!cached) {
      if (!own) refuseToLockOut(wanted.name, context);
      fresh.add(wanted.name);
    }
    const complete = completing(wanted, { before: values, given: own }, context);
    const settled = await settle(cached, complete, () => context.read(ref));
    values[wanted.name] = settled.values;
    if (settled.version !== undefined) versions.set(wanted.name, settled.version);
  }
  return { values, fresh, versions, given };
}

/** What the platform makes itself cannot be what it is given. @throws TerminalError `SecretInvalid` */
function refuseOwn(all: readonly WantedSecret[]): void {
  const names = new Set(all.map(({ name }) => name));
  for (const wanted of all) {
    if (wanted.kind !== 'values' || !wanted.given || !names.has(wanted.given.secret)) continue;
    const { secret, field } = wanted.given;
    throw new TerminalError('SecretInvalid', `Secret ${secret} (${field}) is one that the platform makes itself: name one of your own`); // prettier-ignore
  }
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
  {
    before,
    given,
  }: { readonly before: Readonly<Record<string, SecretValues>>; readonly given: SecretValues | undefined },
  { clock }: PlatformContext,
): (found: SecretValues) => Promise<SecretValues> {
  const now = new Date(clock.now());
  return (found) => completeSecret(wanted, { secrets: { ...before, [wanted.name]: found }, now, given });
}

/** What data is locked with is never made anew while there is data. */
function refuseToLockOut(secret: string, context: PlatformContext): void {
  const names = namesOf(context.session.platform.metadata.name);
  if (secret === names.postgresAdmin) refuseWhileVolume(secret, context);
  if (secret === names.authKeys) refuseWhileAccounts(secret, context);
}

/** The accounts' second factors and signing keys are encrypted with it; it was there before their workload was. */
function refuseWhileAccounts(secret: string, context: PlatformContext): void {
  const { name, namespace } = context.session.platform.metadata;
  const workload = namesOf(name).workload('auth');
  if (!context.observe(refTo(Deployments, workload, namespace))) return;
  throw new TerminalError(
    'SecretLost',
    `Secret ${namespace}/${secret} is gone, and the accounts in the database are encrypted with it: restore the Secret, ` +
      `or delete Deployment ${workload} to start with new keys, without the second factors and sessions that there are`,
  );
}

/** The database knows its administrator's password from the day it was made; a new one would open nothing. */
function refuseWhileVolume(secret: string, context: PlatformContext): void {
  const { name, namespace } = context.session.platform.metadata;
  const [volume] = context.observeLabelled(PersistentVolumeClaims, selectorLabels(name, 'postgres'));
  if (!volume) return;
  throw new TerminalError(
    'SecretLost',
    `Secret ${namespace}/${secret} is gone, and volume ${volume.metadata.name} holds a database that only it opens: ` +
      'restore the Secret, or delete the volume to start empty',
  );
}
