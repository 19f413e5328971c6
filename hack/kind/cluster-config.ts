import type { Checkout } from '../machine/checkout.ts';
import { hostPort, nodePorts } from './ports.ts';

/** What `kind create cluster --config` is given. JSON, which is YAML. */
export function clusterConfig(checkout: Checkout, workers: number): string {
  const extraPortMappings = Object.values(nodePorts).map((containerPort) => ({
    containerPort,
    hostPort: hostPort(checkout, containerPort),
    // Never on other addresses: the cluster is for the person at this machine.
    listenAddress: '127.0.0.1',
  }));
  const worker = { role: 'worker' };
  const nodes = [{ role: 'control-plane', extraPortMappings }, ...Array.from({ length: workers }, () => worker)];
  return JSON.stringify({ kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4', nodes }, null, 2);
}
