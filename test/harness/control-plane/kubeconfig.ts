import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiClient } from './api-client.ts';
import type { Certificates, ClientCertificate } from './certificates.ts';

/** Which server a kubeconfig leads to, and where it is written. */
export interface KubeconfigTarget {
  readonly directory: string;
  readonly url: string;
  readonly caPem: string;
}

/** Writes one kubeconfig for each of the control plane's own clients: `<name>.kubeconfig`. */
export async function writeKubeconfigs(target: KubeconfigTarget, clients: Certificates['clients']): Promise<void> {
  await Promise.all([
    writeKubeconfig(target, 'admin', fromCertificate(clients.admin)),
    writeKubeconfig(target, 'controller-manager', fromCertificate(clients.controllerManager)),
    writeKubeconfig(target, 'scheduler', fromCertificate(clients.scheduler)),
  ]);
}

/** No run of tests or faults takes longer; a kubelet would bring a new token, here nobody does. */
const TOKEN_SECONDS = 24 * 3_600;

/** Asks for a token of an existing ServiceAccount, valid for a day, and writes a kubeconfig that uses it. */
export async function kubeconfigForServiceAccount(
  target: KubeconfigTarget,
  api: ApiClient,
  account: { readonly namespace: string; readonly name: string },
): Promise<string> {
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`;
  const spec = { expirationSeconds: TOKEN_SECONDS };
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
  const { status } = await api.request<{ status: { token: string } }>('POST', path, request);
  return writeKubeconfig(target, `${account.namespace}-${account.name}`, { token: status.token });
}

/** Writes `<name>.kubeconfig` and returns its path. It is JSON, which every reader of YAML understands. */
async function writeKubeconfig(target: KubeconfigTarget, name: string, user: object): Promise<string> {
  const path = join(target.directory, `${name}.kubeconfig`);
  const cluster = { server: target.url, 'certificate-authority-data': base64(target.caPem) };
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'control-plane', cluster }],
    users: [{ name, user }],
    contexts: [{ name: 'control-plane', context: { cluster: 'control-plane', user: name } }],
    'current-context': 'control-plane',
  };
  await writeFile(path, JSON.stringify(document, null, 2), { mode: 0o600 });
  return path;
}

function fromCertificate({ certPem, keyPem }: ClientCertificate): object {
  return { 'client-certificate-data': base64(certPem), 'client-key-data': base64(keyPem) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
