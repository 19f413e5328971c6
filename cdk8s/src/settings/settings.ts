import type { Auth, GenAIPlatform, Ingress, NetworkPolicy } from '@genai-platform/crds';
import { profileDefaults } from '@genai-platform/crds';
import { sortKeys } from '../digest.ts';
import type { Names } from '../naming.ts';
import { namesOf } from '../naming.ts';
import { connectionsPerPod } from './connection-budget.ts';
import { mostPods } from './replicas.ts';
import type { RolloutSettings } from './rollout.ts';
import { resolveRollout } from './rollout.ts';
import type { Server } from './server.ts';
import { resolveServer } from './server.ts';
import type { WorkloadSettings } from './workload-settings.ts';
import { resolveWorkloads } from './workload-settings.ts';

/** What `render` reads of a platform. */
export type PlatformInput = Pick<GenAIPlatform, 'metadata' | 'spec'>;

/** A platform's spec with every default filled in: nothing after this asks what the user left out. */
export interface Settings {
  readonly platform: string;
  readonly namespace: string;
  readonly names: Names;
  readonly version: string;
  readonly spec: GenAIPlatform['spec'];
  /** The enabled ones, in the order of the catalogue. */
  readonly workloads: readonly WorkloadSettings[];
  readonly database: Server & {
    readonly databaseName: string;
    readonly maxConnections: number;
    readonly poolMax: number;
  };
  readonly cache: Server;
  readonly auth: Auth & {
    readonly signUp: NonNullable<Auth['signUp']>;
    readonly emailVerification: NonNullable<Auth['emailVerification']>;
  };
  readonly rateLimit: { readonly requestsPerSecond: number; readonly burst: number };
  readonly corsOrigins: readonly string[];
  readonly ingress?: Ingress | undefined;
  readonly rollout: RolloutSettings;
  readonly networkPolicy: NetworkPolicy;
  readonly otlpEndpoint?: string | undefined;
  /** Whether volumes and generated Secrets outlive the platform. */
  readonly retainsData: boolean;
}

/**
 * The settings of a platform; `release` is its version where the spec names none.
 *
 * Works on a copy: the order of the input's keys must mean nothing, and cdk8s takes an object that is not of this
 * realm's `Object` and has a field `value`, such as a toleration, for a wrapper and drops its other fields.
 */
export function resolveSettings({ metadata, spec: given }: PlatformInput, release: string): Settings {
  const spec = sortKeys(given) as PlatformInput['spec'];
  const defaults = profileDefaults[spec.profile];
  const workloads = resolveWorkloads(spec, defaults);
  const rollout = resolveRollout(spec);
  return {
    platform: metadata.name,
    namespace: metadata.namespace,
    names: namesOf(metadata.name),
    version: spec.version ?? release,
    spec,
    workloads,
    database: resolveDatabase(spec, workloads, rollout),
    cache: resolveServer(spec.cache, { ...defaults.cache, port: 6379 }),
    auth: resolveAuth(spec),
    rateLimit: resolveRateLimit(spec),
    corsOrigins: [...(spec.gateway?.cors?.allowedOrigins ?? [])].sort(),
    ingress: spec.ingress,
    rollout,
    networkPolicy: spec.networkPolicy ?? {},
    otlpEndpoint: spec.observability?.otlpEndpoint,
    retainsData: spec.deletionPolicy !== 'Delete',
  };
}

function resolveDatabase(
  spec: GenAIPlatform['spec'],
  workloads: readonly WorkloadSettings[],
  { replacement }: RolloutSettings,
): Settings['database'] {
  const { database, databasePoolMax } = profileDefaults[spec.profile];
  const server = resolveServer(spec.database, { ...database, port: 5432 });
  const users = workloads.filter(({ entry }) => entry.needs.includes('postgres'));
  const pods = users.reduce((sum, { replicas }) => sum + mostPods(replicas, replacement), 0);
  return {
    ...server,
    databaseName: spec.database?.external?.name ?? 'genai',
    maxConnections: database.maxConnections,
    // How many an external server accepts is not known here; that it accepts what the profile assumes is documented.
    poolMax: connectionsPerPod(databasePoolMax, database.maxConnections, pods),
  };
}

function resolveAuth(spec: GenAIPlatform['spec']): Settings['auth'] {
  const { ingress, auth = {} } = spec;
  const publicUrl = auth.publicUrl ?? (ingress && `https://${ingress.host}`);
  return {
    ...auth,
    signUp: auth.signUp ?? profileDefaults[spec.profile].signUp,
    emailVerification: auth.emailVerification ?? (auth.smtp ? 'Required' : 'Optional'),
    ...(publicUrl !== undefined && { publicUrl }),
  };
}

function resolveRateLimit(spec: GenAIPlatform['spec']): Settings['rateLimit'] {
  const defaults = profileDefaults[spec.profile].rateLimit;
  const given = spec.gateway?.rateLimit;
  const rate = given?.requestsPerSecond ?? Math.min(defaults.requestsPerSecond, given?.burst ?? defaults.burst);
  return { requestsPerSecond: rate, burst: given?.burst ?? Math.max(defaults.burst, rate) };
}
