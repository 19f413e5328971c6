import { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import type { Context } from '../context.ts';
import { dataLabel, objectLabels, selectorLabels } from '../labels.ts';
import type { PodProps } from '../pod-template.ts';
import { podTemplate } from '../pod-template.ts';
import type { InClusterServer } from '../settings/server.ts';
import { clusterService } from './cluster-service.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { configMap } from './plain-objects.ts';
import { volumeClaim } from './volume-claim.ts';
import { WorkloadPolicy } from './workload-policy.ts';

export interface SingleServerProps {
  readonly context: Context;
  readonly server: InClusterServer;
  /** Name of the StatefulSet, the Service and everything else. */
  readonly name: string;
  readonly claimName: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly pod: Omit<PodProps, 'resources' | 'scheduling' | 'serviceAccount' | 'port'>;
  readonly port: { readonly name: string; readonly number: number };
}

/** A server with one pod and one volume: StatefulSet, Service, volume, configuration, budget and network policy. */
export class SingleServer extends Construct {
  constructor(scope: Construct, id: string, props: SingleServerProps) {
    super(scope, id);
    const { context, server, name, pod, port } = props;
    const { platform, version } = context.settings;
    const labels = objectLabels(platform, pod.workload);
    const metadata = { name, labels };
    const selector = selectorLabels(platform, pod.workload);
    const { resources, scheduling } = server;
    configMap(this, metadata, props.configuration);
    volumeClaim(this, { name: props.claimName, labels: { ...labels, [dataLabel]: 'true' } }, server);
    clusterService(this, metadata, selector, port);
    disruptionBudget(this, metadata, selector);
    new WorkloadPolicy(this, 'policy', { context, workload: pod.workload });
    new k8s.KubeStatefulSet(this, 'stateful-set', {
      metadata: { name, labels: objectLabels(platform, pod.workload, version) },
      spec: {
        replicas: 1,
        serviceName: name,
        selector: { matchLabels: selector },
        template: podTemplate(context, { ...pod, serviceAccount: name, resources, scheduling, port }),
        revisionHistoryLimit: 3,
      },
    });
  }
}

/** Probes that run one command: often while starting, then rarely. */
export function commandProbes(
  command: readonly string[],
  startupSeconds: number,
): Required<Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'>> {
  const exec = { command: [...command] };
  return {
    startupProbe: { exec, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: Math.ceil(startupSeconds / 2) },
    livenessProbe: { exec, periodSeconds: 15, timeoutSeconds: 10, failureThreshold: 6 },
    readinessProbe: { exec, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
  };
}
