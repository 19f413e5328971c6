import type {
  Auth,
  DataImageName,
  Gateway,
  GenAIPlatformSpec,
  ImageOverride,
  Images,
  Service,
  ServiceName,
} from '@genai-platform/crds';
import { serviceDescriptions } from '@genai-platform/crds';
import { digest, sortKeys } from './digest.ts';
import { imageOverride } from './images.ts';
import type { PlatformInput, Settings } from './settings/settings.ts';
import { resolveSettings } from './settings/settings.ts';
import type { WorkloadSettings } from './settings/workload-settings.ts';

/**
 * What defines the workloads of a platform, in the words of its spec and with every default filled in: images,
 * configuration, resources. Not how many pods there are, nor what becomes of data.
 */
export type RevisionContent = Pick<GenAIPlatformSpec, 'images' | 'observability' | 'database' | 'cache' | 'llm'> & {
  readonly version: string;
  readonly gateway: Omit<Gateway, 'replicas' | 'autoscaling'>;
  /** Absent in revisions of before there were accounts. */
  readonly auth?: Omit<Auth, 'replicas' | 'autoscaling'>;
  readonly services: Readonly<Record<string, Omit<Service, 'replicas' | 'autoscaling'>>>;
};

/** A state of the workloads' definition, by which it can be brought back. */
export interface Revision {
  /** Ten hexadecimal digits that follow from the content. */
  readonly name: string;
  readonly content: RevisionContent;
}

const settings = Object.keys(serviceDescriptions) as readonly ServiceName[];
const nameLength = 10;

/** The revision that a platform's spec asks for; `release` is its version where the spec names none. */
export function revisionOf(platform: PlatformInput, release: string): Revision {
  const content = sortKeys(contentOf(resolveSettings(platform, release))) as RevisionContent;
  return { name: digest(content, nameLength), content };
}

/**
 * The spec with its workloads as they were in a revision. How many pods there are and everything else stays as the spec
 * says; so do the images of database and cache, which work with the services of either revision and should not restart.
 * @param back those of them that are to be as they were all the same, because they are what failed
 */
export function withRevision(
  spec: GenAIPlatformSpec,
  { images, observability, database, cache, version, gateway, auth, services, llm }: RevisionContent,
  { release, back = [] }: { readonly release: string; readonly back?: readonly DataImageName[] },
): GenAIPlatformSpec {
  const { observability: _observability, llm: _llm, ...rest } = spec;
  return {
    ...rest,
    version,
    images: withDataImages({ images, version }, { spec, release }, back),
    gateway: { ...gateway, ...countOf(spec.gateway) },
    auth: { ...(auth ?? { enabled: false }), ...countOf(spec.auth) },
    services: Object.fromEntries(
      settings.map((name) => [name, { ...(services[name] ?? { enabled: false }), ...countOf(spec.services?.[name]) }]),
    ),
    ...(observability && { observability }),
    ...(llm && { llm }),
    ...dataOf(spec, { database, cache }),
  };
}

function dataOf(
  spec: GenAIPlatformSpec,
  { database, cache }: Pick<RevisionContent, 'database' | 'cache'>,
): Pick<GenAIPlatformSpec, 'database' | 'cache'> {
  return {
    ...(database?.external && { database }),
    // A cache that has moved since is the one that the revision knew; else its size and place are those of today.
    ...((cache?.external ?? spec.cache?.external) && { cache: cache ?? { inCluster: {} } }),
  };
}

function contentOf(resolved: Settings): RevisionContent {
  const { spec, version, workloads, rateLimit, corsOrigins } = resolved;
  const find = (name: string): WorkloadSettings | undefined => workloads.find(({ entry }) => entry.setting === name);
  const gateway = find('gateway');
  return {
    version,
    images: spec.images,
    observability: spec.observability,
    llm: find('llmRouter') && spec.llm,
    database: spec.database?.external && { external: spec.database.external },
    cache: spec.cache,
    gateway: {
      ...(gateway && definitionOf(gateway)),
      rateLimit,
      ...(corsOrigins.length > 0 && { cors: { allowedOrigins: [...corsOrigins] } }),
    },
    auth: accountsOf(resolved, find('auth')),
    services: Object.fromEntries(
      settings.map((name) => {
        const workload = find(name);
        return [name, workload ? { enabled: true, ...definitionOf(workload) } : { enabled: false }];
      }),
    ),
  };
}

/** Where users reach the platform is said where it is given: otherwise it follows from the door, which stays. */
function accountsOf(
  { spec, auth }: Settings,
  workload: WorkloadSettings | undefined,
): NonNullable<RevisionContent['auth']> {
  if (workload === undefined) return { enabled: false };
  const { publicUrl, passwordResetUrl, tokens, smtp } = spec.auth ?? {};
  const { signUp, emailVerification } = auth;
  return {
    enabled: true,
    ...definitionOf(workload),
    signUp,
    emailVerification,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(passwordResetUrl !== undefined && { passwordResetUrl }),
    ...(tokens && { tokens }),
    ...(smtp && { smtp }),
  };
}

function definitionOf({ resources, env, scheduling }: WorkloadSettings): Omit<Gateway, 'replicas' | 'autoscaling'> {
  return { resources, ...(env.length > 0 && { env: [...env] }), ...scheduling };
}

function countOf(workload: Auth | Gateway | Service | undefined): Pick<Gateway, 'replicas' | 'autoscaling'> {
  const { replicas, autoscaling } = workload ?? {};
  return { ...(replicas !== undefined && { replicas }), ...(autoscaling && { autoscaling }) };
}

function withDataImages(
  { images, version: before }: Pick<RevisionContent, 'images' | 'version'>,
  { spec, release }: { readonly spec: GenAIPlatformSpec; readonly release: string },
  back: readonly DataImageName[],
): Images {
  const pinned = (name: DataImageName): ImageOverride =>
    back.includes(name)
      ? imageOverride(images, name, before)
      : imageOverride(spec.images, name, spec.version ?? release);
  return { ...images, overrides: { ...images?.overrides, postgres: pinned('postgres'), valkey: pinned('valkey') } };
}
