/** Where a GenAIPlatform lives in the Kubernetes API. */
export const api = {
  group: 'genaiplatform.io',
  version: 'v1alpha1',
  kind: 'GenAIPlatform',
  listKind: 'GenAIPlatformList',
  singular: 'genaiplatform',
  plural: 'genaiplatforms',
  shortNames: ['genai'],
  apiVersion: 'genaiplatform.io/v1alpha1',
} as const;

/**
 * Kubernetes versions whose API server understands the CRD. The newest things it uses are CEL's `isCIDR` and `ip`
 * libraries (1.31: https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-ip-address-library).
 * In the syntax of a chart's `kubeVersion`; `-0` lets vendors' suffixes (`v1.33.1-eks-1`) through.
 */
export const supportedKubernetes = '>=1.31.0-0';

/**
 * Longest name of a platform. The longest name derived from one is that of a migration Job,
 * `<platform>-document-extraction-migrate-<8 hex>` = platform + 37, and a Job's name is also a label's value: 63.
 */
export const maxPlatformNameLength = 26;
