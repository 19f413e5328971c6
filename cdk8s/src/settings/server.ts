import type {
  ExternalCache,
  ExternalDatabase,
  InClusterCache,
  InClusterDatabase,
  PodSize,
  Scheduling,
} from '@genai-platform/crds';
import type { PodResources } from './pod-resources.ts';
import { podResources } from './pod-resources.ts';

/** A database or cache that the operator runs in the cluster. */
export interface InClusterServer {
  readonly kind: 'inCluster';
  readonly storageSize: string;
  readonly storageClassName?: string | undefined;
  readonly resources: PodResources;
  readonly scheduling: Scheduling;
}

/** A database or cache that exists already. */
export interface ExternalServer {
  readonly kind: 'external';
  readonly host: string;
  readonly port: number;
  readonly credentialsSecret: string;
  /** Where the authority's certificate is; absent means the authorities that Node.js trusts. */
  readonly authority?: { readonly secret: string; readonly key: string } | undefined;
  /** Networks that it is in, in order; absent means any. */
  readonly networks?: readonly string[] | undefined;
}

export type Server = InClusterServer | ExternalServer;

/** Either of `spec.database` and `spec.cache`, with the profile's sizes and the usual port. */
export function resolveServer(
  given:
    | {
        inCluster?: InClusterDatabase | InClusterCache | undefined;
        external?: ExternalDatabase | ExternalCache | undefined;
      }
    | undefined,
  defaults: { readonly storageSize: string; readonly size: PodSize; readonly port: number },
): Server {
  if (given?.external !== undefined) return resolveExternal(given.external, defaults.port);
  const { storageSize, storageClassName, resources, ...scheduling } = given?.inCluster ?? {};
  return {
    kind: 'inCluster',
    storageSize: String(storageSize ?? defaults.storageSize),
    storageClassName,
    resources: podResources(defaults.size, resources),
    scheduling,
  };
}

function resolveExternal(given: ExternalDatabase | ExternalCache, usualPort: number): ExternalServer {
  const reference = given.tls?.caSecretRef;
  return {
    kind: 'external',
    host: given.host,
    port: given.port ?? usualPort,
    credentialsSecret: given.credentialsSecretRef.name,
    authority: reference && { secret: reference.name, key: reference.key },
    networks: given.networks && [...given.networks].sort(),
  };
}
