import type { LlmProvider } from '@genai-platform/crds';
import type { Flow, Party } from '../network/flow.ts';

/**
 * Where the requests to a provider go, and nowhere else: the namespace of a Service in the cluster, the given networks,
 * the internet without private networks for a public address, one address for a literal one.
 */
export function providerFlows(from: Party, provider: LlmProvider, namespace: string): Flow[] {
  return [providerFlow(from, provider, namespace), ...roleFlows(from, provider)];
}

/** Where a pod on EKS gets the credentials of its role: the agent of Pod Identity on its machine. */
function roleFlows(from: Party, { kind, credentialsSecretRef }: LlmProvider): Flow[] {
  if (kind !== 'Bedrock' || credentialsSecretRef !== undefined) return [];
  return [{ from, to: { kind: 'networks', cidrs: ['169.254.170.23/32'] }, port: 80 }];
}

function providerFlow(from: Party, provider: LlmProvider, namespace: string): Flow {
  const { baseUrl, podPort } = provider;
  if (baseUrl === undefined) return { from, to: networksOf(provider) ?? { kind: 'internet' }, port: 443 };
  const { hostname, port, protocol } = new URL(baseUrl);
  const usual = protocol === 'https:' ? 443 : 80;
  return { from, to: partyOf(provider, hostname, namespace), port: podPort ?? (port === '' ? usual : Number(port)) };
}

function partyOf(provider: LlmProvider, hostname: string, namespace: string): Party {
  const service = serviceNamespace(hostname, namespace);
  if (service !== undefined) return { kind: 'namespaces', names: [service] };
  const address = literalAddress(hostname);
  if (address !== undefined) return { kind: 'networks', cidrs: [address] };
  return networksOf(provider) ?? { kind: 'anyone' };
}

function networksOf({ networks }: LlmProvider): Party | undefined {
  return networks && { kind: 'networks', cidrs: [...networks].sort() };
}

/** `vllm` is a Service beside the platform, `vllm.models.svc` and `vllm.models.svc.cluster.local` one of `models`. */
function serviceNamespace(hostname: string, namespace: string): string | undefined {
  if (!hostname.includes('.') && !hostname.includes(':')) return namespace;
  return /^[-a-z0-9]+\.([-a-z0-9]+)\.svc(\.|$)/.exec(hostname)?.[1];
}

/** `URL` has brought addresses into their usual form: a host name never looks like one. */
function literalAddress(hostname: string): string | undefined {
  if (hostname.startsWith('[')) return `${hostname.slice(1, -1)}/128`;
  return /^\d+\.\d+\.\d+\.\d+$/.test(hostname) ? `${hostname}/32` : undefined;
}
