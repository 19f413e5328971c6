import { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import type { Context } from '../context.ts';
import { digest } from '../digest.ts';
import { objectLabels } from '../labels.ts';
import type { PodProps } from '../pod-template.ts';
import { podTemplate } from '../pod-template.ts';
import { workloadUserId } from '../security-context.ts';

/** How often a Job is tried again, after 10 s and 20 s; pods that failed stay, with their logs. */
const backoffLimit = 2;

/** A Job that hangs, for example on a lock, fails after this. */
const deadlineSeconds = 900;

/** Jobs do little themselves: the database works. */
const resources = {
  requests: { cpu: '50m', memory: '96Mi' },
  limits: { cpu: '500m', memory: '256Mi' },
};

export interface OneTimeJobProps {
  readonly context: Context;
  /** Name before the hash. */
  readonly name: string;
  readonly serviceAccount: string;
  readonly pod: Pick<PodProps, 'workload' | 'image' | 'args' | 'attachment' | 'env' | 'scheduling'>;
}

/**
 * A Job that is named after what it does: the same image with the same input is the same, finished Job, and a change
 * makes another one, because the template of a Job can never be changed. It is kept, with its logs, until it is replaced.
 */
export class OneTimeJob extends Construct {
  constructor(scope: Construct, id: string, { context, name, serviceAccount, pod }: OneTimeJobProps) {
    super(scope, id);
    const template = podTemplate(context, {
      ...pod,
      serviceAccount,
      resources,
      userId: workloadUserId,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 30,
    });
    new k8s.KubeJob(this, 'job', {
      metadata: {
        name: `${name}-${digest(template, 8)}`,
        labels: objectLabels(context.settings.platform, pod.workload),
      },
      spec: { backoffLimit, activeDeadlineSeconds: deadlineSeconds, template },
    });
  }
}
