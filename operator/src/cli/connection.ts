import { existsSync } from 'node:fs';
import type { Cluster } from '../runtime/index.ts';
import { fromKubeconfigs, inCluster } from '../runtime/index.ts';
import { ObjectClient } from '../runtime/object-client.ts';
import { Transport } from '../runtime/transport/transport.ts';
import { Failure } from './failure.ts';
import type { CliConfig } from './config.ts';

/** The flags that say which cluster, as kubectl has them. */
export interface KubeFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** A cluster that the tool speaks to. */
export interface Connection {
  readonly transport: Transport;
  readonly client: ObjectClient;
  /** Of the flag, else of the context. */
  readonly namespace: string;
  readonly server: string;
  close(): Promise<void>;
}

/** Who the tool is in `managedFields`. */
export const FIELD_MANAGER = 'genai-platform';

/** Finds the cluster as kubectl does: flag, `KUBECONFIG`, `~/.kube/config`, the pod's own. Nothing is asked of it yet. */
export async function connect(flags: KubeFlags, config: CliConfig): Promise<Connection> {
  const cluster = await locate(flags, config);
  const { server } = cluster;
  if (server.pathname !== '/') {
    throw new Failure(
      `the API server ${server.href} has a path, which this tool does not support`,
      'use a context that leads to the API server itself',
    );
  }
  const transport = new Transport({ cluster });
  return {
    transport,
    client: new ObjectClient(transport, FIELD_MANAGER),
    namespace: flags.namespace ?? cluster.namespace,
    server: server.origin,
    close: () => transport.close(),
  };
}

async function locate(flags: KubeFlags, { kubeconfigs, apiServer }: CliConfig): Promise<Cluster> {
  const files = flags.kubeconfig === undefined ? kubeconfigs.filter((file) => existsSync(file)) : [flags.kubeconfig];
  if (files.length === 0 && apiServer) return inCluster(apiServer);
  if (files.length === 0) {
    const next = 'name one with --kubeconfig or KUBECONFIG; render needs no cluster';
    throw new Failure(`there is no kubeconfig: ${kubeconfigs.join(', ')} does not exist`, next);
  }
  try {
    const { context, cluster, user } = flags;
    return await fromKubeconfigs({ files, context, cluster, user });
  } catch (error) {
    const next = 'look at it with: kubectl config get-contexts';
    throw new Failure(`kubeconfig ${files.join(', ')}: ${(error as Error).message}`, next, { cause: error });
  }
}
