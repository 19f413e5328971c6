/**
 * What a cluster is made of. kind and a node image are a pair: a kind release supports the images that were published
 * with it, and its default image may be of another Kubernetes version.
 */
export const versions = {
  kind: 'v0.30.0',
  /** Built from modules. A newer minor version would want a newer containerd than the base system's. */
  kubernetes: 'v1.35.4',
  metricsServer: 'v0.9.0',
  localPathProvisioner: 'v0.0.30',
} as const;
