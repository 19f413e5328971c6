import type { PodSize, Resources } from '@genai-platform/crds';
import { maxQuantity, minQuantity } from '../quantity.ts';

/** Requests and limits of one container, complete. */
export interface PodResources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

type Amounts = NonNullable<Resources['requests']>;

/**
 * The given amounts over those of the profile. Where only one of request and limit is given and the profile's other
 * one would contradict it, the given one is kept and the other follows.
 */
export function podResources(defaults: PodSize, given: Resources | undefined): PodResources {
  const requests = amounts(given?.requests);
  const limits = amounts(given?.limits);
  const resolved: { requests: Record<string, string>; limits: Record<string, string> } = {
    requests: { ...requests },
    limits: { ...limits },
  };
  for (const resource of ['cpu', 'memory'] as const) {
    const [request, limit] = [requests[resource], limits[resource]];
    resolved.requests[resource] =
      request ?? minQuantity(defaults.requests[resource], limit ?? defaults.limits[resource]);
    resolved.limits[resource] = limit ?? maxQuantity(defaults.limits[resource], request ?? defaults.requests[resource]);
  }
  return resolved;
}

function amounts(given: Amounts | undefined): Record<string, string> {
  const entries = Object.entries(given ?? {}).filter(([, amount]) => amount !== undefined);
  return Object.fromEntries(entries.map(([resource, amount]) => [resource, String(amount)]));
}
