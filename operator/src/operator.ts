import type { Registry } from 'prom-client';
import type { Config } from './config.ts';
import { controllers as allControllers } from './controllers.ts';
import { ownership } from './ownership.ts';
import { createApiClusterWords } from './platform/diagnosis/api-cluster-words.ts';
import type { Installation } from './platform/installation.ts';
import type { PlatformDeps } from './platform/session.ts';
import { createHttpProber } from './platform/verification/http-prober.ts';
import type { Prober } from './platform/verification/prober.ts';
import type { Cluster, Controller, LeaseOptions, Logger, Manager } from './runtime/index.ts';
import { fromKubeconfig, inCluster, startManager } from './runtime/index.ts';
import { Transport } from './runtime/transport/transport.ts';

/** What the operator is put together from; all but the configuration has a default for production. */
export interface OperatorParts {
  readonly config: Config;
  readonly log: Logger;
  readonly registry: Registry;
  readonly prober?: Prober;
  readonly controllers?: (deps: PlatformDeps) => Controller[];
  readonly onStopped?: () => Promise<void>;
}

/** Starts the operator: it watches and, once it holds the Lease, reconciles. */
export async function runOperator(parts: OperatorParts): Promise<Manager> {
  const { config, log, registry, controllers = allControllers } = parts;
  const cluster = await connect(config);
  // Explanations have a budget of their own: they must not hold up what they explain.
  const transport = new Transport({ cluster, rate: { perSecond: 10, burst: 20 } });
  const deps = {
    installation: installationOf(config),
    prober: parts.prober ?? createHttpProber(),
    words: createApiClusterWords(transport, log),
  };
  return startManager({
    name: 'genai-operator',
    instance: config.podName,
    cluster,
    controllers: controllers(deps),
    ownership,
    ...leaseOf(config),
    ...(config.watchNamespaces.length > 0 && { namespaces: config.watchNamespaces }),
    health: { host: '0.0.0.0', port: config.healthPort },
    registry,
    log,
    drainMs: config.drainMs,
    onStopped: async () => {
      await transport.close();
      await parts.onStopped?.();
    },
  });
}

function connect({ kubeconfig, apiServer }: Config): Promise<Cluster> | Cluster {
  return kubeconfig === undefined ? inCluster(apiServer) : fromKubeconfig(kubeconfig);
}

function leaseOf({ leaderElection, podName, podNamespace }: Config): { lease?: LeaseOptions } {
  return leaderElection ? { lease: { ...leaderElection, namespace: podNamespace, identity: podName } } : {};
}

function installationOf({ platformVersion, defaultImageRegistry, podNamespace }: Config): Installation {
  return {
    release: platformVersion,
    imageRegistry: defaultImageRegistry,
    operator: { namespace: podNamespace, podLabels: { 'app.kubernetes.io/name': 'genai-operator' } },
  };
}
