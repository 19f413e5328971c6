import { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import { terminationGracePeriodSeconds } from '../attachments/process.ts';
import { workloadAttachment } from '../attachments/workload.ts';
import type { Context } from '../context.ts';
import { digest } from '../digest.ts';
import { objectLabels, revisionAnnotation, selectorLabels } from '../labels.ts';
import type { PodProps } from '../pod-template.ts';
import { podTemplate } from '../pod-template.ts';
import { workloadUserId } from '../security-context.ts';
import type { WorkloadSettings } from '../settings/workload-settings.ts';
import { autoscaler } from './autoscaler.ts';
import { clusterService } from './cluster-service.ts';
import { deploymentSpec } from './deployment-spec.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { httpProbes } from './http-probes.ts';
import { WorkloadPolicy } from './workload-policy.ts';

export interface HttpServiceProps {
  readonly context: Context;
  readonly workload: WorkloadSettings;
}

/** A workload of the catalogue: Deployment, Service, autoscaler, disruption budget and network policy. */
export class HttpService extends Construct {
  /** Changes whenever the pods would. */
  readonly revision: string;

  constructor(scope: Construct, id: string, { context, workload }: HttpServiceProps) {
    super(scope, id);
    const { platform, names, version, rollout } = context.settings;
    const { entry, replicas } = workload;
    const metadata = { name: names.workload(entry.name), labels: objectLabels(platform, entry.name, version) };
    const selector = selectorLabels(platform, entry.name);
    const template = podTemplate(context, podProps(context, workload));
    this.revision = digest(template, 10);
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: { ...metadata, annotations: { [revisionAnnotation]: this.revision } },
      spec: deploymentSpec(workload, rollout, { selector, template }),
    });
    clusterService(this, metadata, selector, { name: 'http', number: entry.port });
    if (replicas.kind === 'autoscaled') autoscaler(this, metadata, replicas);
    disruptionBudget(this, metadata, selector);
    new WorkloadPolicy(this, 'policy', { context, workload: entry.name });
  }
}

function podProps(context: Context, { entry, resources, env, scheduling }: WorkloadSettings): PodProps {
  const { platform, names } = context.settings;
  return {
    workload: entry.name,
    serviceAccount: names.workload(entry.name),
    image: entry.setting,
    args: ['serve'],
    userId: workloadUserId,
    attachment: workloadAttachment(context, entry),
    env,
    resources,
    scheduling,
    port: { name: 'http', number: entry.port },
    probes: httpProbes(entry.startupSeconds),
    terminationGracePeriodSeconds,
    spread: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: selectorLabels(platform, entry.name) },
      // Pods of the revision that is being replaced do not count.
      matchLabelKeys: ['pod-template-hash'],
    })),
  };
}
