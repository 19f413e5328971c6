import { join } from 'node:path';
import { auditFlags, type AuditPolicy } from './audit.ts';

/** Directory and ports of one control plane. */
export interface Layout {
  readonly directory: string;
  readonly etcdPort: number;
  readonly peerPort: number;
  readonly apiPort: number;
}

/** Flags of etcd. */
export function etcdArgs({ directory, etcdPort, peerPort }: Layout): string[] {
  const client = `http://127.0.0.1:${String(etcdPort)}`;
  const peer = `http://127.0.0.1:${String(peerPort)}`;
  return [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data need not survive a loss of power; a write takes a tenth of the time.
    '--unsafe-no-fsync',
  ];
}

/** Flags of kube-apiserver. */
export function apiServerArgs(
  { directory, etcdPort, apiPort }: Layout,
  options: { readonly auditPolicy?: AuditPolicy; readonly apiServerArgs?: readonly string[] },
): string[] {
  const file = (name: string): string => join(directory, name);
  return [
    `--etcd-servers=http://127.0.0.1:${String(etcdPort)}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${String(apiPort)}`,
    `--tls-cert-file=${file('server.crt')}`,
    `--tls-private-key-file=${file('server.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    '--authorization-mode=Node,RBAC',
    '--allow-privileged=true',
    `--service-account-key-file=${file('service-account.key')}`,
    `--service-account-signing-key-file=${file('service-account.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--service-cluster-ip-range=10.96.0.0/16',
    // Nothing runs here that would reach the API by its Service, and a loopback address is no valid endpoint.
    '--endpoint-reconciler-type=none',
    ...(options.auditPolicy === undefined ? [] : auditFlags(directory)),
    ...(options.apiServerArgs ?? []),
  ];
}

/** Flags of kube-controller-manager. */
export function controllerManagerArgs({ directory }: Layout): string[] {
  return [
    `--kubeconfig=${join(directory, 'controller-manager.kubeconfig')}`,
    '--use-service-account-credentials',
    `--root-ca-file=${join(directory, 'ca.crt')}`,
    `--service-account-private-key-file=${join(directory, 'service-account.key')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    // It makes a ServiceAccount and a token for each of its forty controllers: 4 s at the default of 20 a second.
    '--kube-api-qps=1000',
    '--kube-api-burst=1000',
    '--leader-elect=false',
    '--secure-port=0',
  ];
}

/** Flags of kube-scheduler. */
export function schedulerArgs({ directory }: Layout): string[] {
  return [`--kubeconfig=${join(directory, 'scheduler.kubeconfig')}`, '--leader-elect=false', '--secure-port=0'];
}
