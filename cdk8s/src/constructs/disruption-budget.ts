import type { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import type { Named } from './plain-objects.ts';

/** One pod at a time may be evicted; a pod that is not ready anyway never blocks the drain of a node. */
export function disruptionBudget(scope: Construct, metadata: Named, selector: Record<string, string>): void {
  new k8s.KubePodDisruptionBudget(scope, 'disruption-budget', {
    metadata,
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selector },
    },
  });
}
