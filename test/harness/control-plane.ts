import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureKubernetesBinary } from '../../hack/kind/kubernetes-binary.ts';
import { createApiClient, type ApiClient } from './control-plane/api-client.ts';
import { readAuditEvents, writeAuditPolicy, type AuditEvent, type AuditPolicy } from './control-plane/audit.ts';
import { createCertificates, writeCertificates, type ClientCertificate } from './control-plane/certificates.ts';
import { startComponent, type Component, type ComponentHome } from './control-plane/component.ts';
import {
  apiServerArgs,
  controllerManagerArgs,
  etcdArgs,
  schedulerArgs,
  type Layout,
} from './control-plane/components.ts';
import { kubeconfigForServiceAccount, writeKubeconfigs } from './control-plane/kubeconfig.ts';
import { freePort } from './control-plane/ports.ts';
import { untilReady, untilServiceAccountsWork } from './control-plane/readiness.ts';
import { startWatchdog } from './control-plane/watchdog.ts';

export { ApiError } from './control-plane/api-client.ts';
export type { AuditEvent, AuditPolicy } from './control-plane/audit.ts';

/** What a control plane is started with; everything is optional. */
export interface ControlPlaneOptions {
  /** Runs kube-controller-manager: service accounts, garbage collection, Deployments, Jobs, HPAs. On unless `false`. */
  readonly controllers?: boolean;
  /** Runs kube-scheduler. Off unless `true`: without nodes there is nothing to schedule to. */
  readonly scheduler?: boolean;
  /** Writes an audit log by this policy; read it with `auditEvents()`. */
  readonly auditPolicy?: AuditPolicy;
  /** Further flags of kube-apiserver, for example `--feature-gates=…`. */
  readonly apiServerArgs?: readonly string[];
}

/** Whom a kubeconfig speaks for. */
export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

/** A running control plane of a real Kubernetes: its API answers, its controllers work, no pod runs. */
export interface ControlPlane {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  readonly caPem: string;
  /** Path of a kubeconfig with the rights of system:masters. */
  readonly kubeconfig: string;
  /** The same administrator's client certificate and key, as PEM. */
  readonly admin: ClientCertificate;
  /** Holds data, certificates and logs; removed by `stop()`. */
  readonly directory: string;
  /** One request as the administrator; throws an error with `status` and the server's message unless it succeeds. */
  readonly request: ApiClient['request'];
  /** Asks for a token of an existing ServiceAccount and writes a kubeconfig that uses it; returns its path. */
  kubeconfigFor(account: ServiceAccountName): Promise<string>;
  /** What the audit log holds so far; empty without `auditPolicy`. */
  auditEvents(): Promise<AuditEvent[]>;
  /** Kills the API server like a crash would and starts it again on the same port with the same data. */
  restartApiServer(): Promise<void>;
  /** Stops the API server from answering while connections stay open (SIGSTOP), until `resumeApiServer()`. */
  pauseApiServer(): Promise<void>;
  resumeApiServer(): void;
  /** Ends every process and removes the directory. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts etcd, kube-apiserver (RBAC, pod security, service accounts) and by default kube-controller-manager on free
 * loopback ports with a data directory of their own, so that any number may run side by side. Takes about 3 s once the
 * binary is in the cache. Nothing outlives the calling process, however that one ends.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binary = await ensureKubernetesBinary();
  const attempts = 3;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(binary, options);
    } catch (error) {
      // A free port may be taken between looking and binding when several control planes start at once.
      const portTaken = String(error).includes('address already in use');
      if (!portTaken || attempt === attempts) throw error;
    }
  }
}

async function startOnce(binary: string, options: ControlPlaneOptions): Promise<ControlPlane> {
  const directory = await mkdtemp(join(tmpdir(), 'genai-control-plane-'));
  const watchdog = startWatchdog(directory);
  const stop = async (): Promise<void> => {
    await watchdog.end();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    return { ...(await assemble({ binary, directory, watchdog }, options)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(home: ComponentHome, options: ControlPlaneOptions): Promise<Omit<ControlPlane, 'stop'>> {
  const { directory } = home;
  const [etcdPort, peerPort, apiPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const layout: Layout = { directory, etcdPort, peerPort, apiPort };
  const { caPem, clients, ...certificates } = await createCertificates();
  const target = { directory, url: `https://127.0.0.1:${String(apiPort)}`, caPem };
  const api = createApiClient(target.url, caPem, clients.admin);
  await writeCertificates(directory, { caPem, clients, ...certificates });
  await writeKubeconfigs(target, clients);
  if (options.auditPolicy !== undefined) await writeAuditPolicy(directory, options.auditPolicy);

  const apiServer = await startPrograms(home, layout, api, options);
  return {
    ...target,
    kubeconfig: join(directory, 'admin.kubeconfig'),
    admin: clients.admin,
    request: api.request,
    kubeconfigFor: (account) => kubeconfigForServiceAccount(target, api, account),
    auditEvents: () => readAuditEvents(directory),
    restartApiServer: async () => {
      await apiServer.kill();
      apiServer.start();
      await untilReady(api, apiServer);
    },
    pauseApiServer: () => apiServer.pause(),
    resumeApiServer: () => {
      apiServer.resume();
    },
  };
}

/** Returns the API server, once all that was asked for is ready. */
async function startPrograms(
  home: ComponentHome,
  layout: Layout,
  api: ApiClient,
  options: ControlPlaneOptions,
): Promise<Component> {
  startComponent(home, 'etcd', etcdArgs(layout));
  const apiServer = startComponent(home, 'kube-apiserver', apiServerArgs(layout, options));
  await untilReady(api, apiServer);
  if (options.scheduler === true) startComponent(home, 'kube-scheduler', schedulerArgs(layout));
  if (options.controllers !== false) {
    const controllers = startComponent(home, 'kube-controller-manager', controllerManagerArgs(layout));
    await untilServiceAccountsWork(api, controllers);
  }
  return apiServer;
}
