import type { ResourceKind } from '../../src/runtime/index.ts';

function kind(group: string, version: string, name: string, plural: string): ResourceKind {
  return { group, version, kind: name, plural, namespaced: true };
}

/** Kinds of Kubernetes that an operator typically applies. */
export const builtIn = {
  configMaps: kind('', 'v1', 'ConfigMap', 'configmaps'),
  secrets: kind('', 'v1', 'Secret', 'secrets'),
  services: kind('', 'v1', 'Service', 'services'),
  serviceAccounts: kind('', 'v1', 'ServiceAccount', 'serviceaccounts'),
  claims: kind('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  deployments: kind('apps', 'v1', 'Deployment', 'deployments'),
  statefulSets: kind('apps', 'v1', 'StatefulSet', 'statefulsets'),
  jobs: kind('batch', 'v1', 'Job', 'jobs'),
  cronJobs: kind('batch', 'v1', 'CronJob', 'cronjobs'),
  autoscalers: kind('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  budgets: kind('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  networkPolicies: kind('networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies'),
  ingresses: kind('networking.k8s.io', 'v1', 'Ingress', 'ingresses'),
  roles: kind('rbac.authorization.k8s.io', 'v1', 'Role', 'roles'),
  roleBindings: kind('rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings'),
} as const;
