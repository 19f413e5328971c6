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
 * Kubernetes versions whose API server takes the CRD. Before 1.34 the cost of a CEL rule on a quantity (integer or
 * string) was estimated without its `maxLength`, and the whole CRD refused for being too expensive:
 * https://github.com/kubernetes/kubernetes/pull/132837. Every version that upstream maintains is newer.
 * In the syntax of a chart's `kubeVersion`; `-0` lets vendors' suffixes (`v1.34.1-eks-1`) through.
 */
export const supportedKubernetes = '>=1.34.0-0';

/**
 * Longest name of a platform. The longest name derived from one is that of a migration Job,
 * `<platform>-document-extraction-migrate-<8 hex>` = platform + 37, and a Job's name is also a label's value: 63.
 */
export const maxPlatformNameLength = 26;
