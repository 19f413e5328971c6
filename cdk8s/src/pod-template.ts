import type { EnvironmentVariable, ImageName, Scheduling } from '@genai-platform/crds';
import { k8s } from 'cdk8s-plus-28';
import type { Attachment } from './attachments/attachment.ts';
import { checksumOf } from './attachments/checksum.ts';
import { volume, volumeMount } from './attachments/mount.ts';
import type { Context } from './context.ts';
import { canonicalJson } from './digest.ts';
import { imageReference } from './images.ts';
import { checksumAnnotation, objectLabels } from './labels.ts';
import { containerSecurity, podSecurity } from './security-context.ts';
import type { PodResources } from './settings/pod-resources.ts';

/** What tells the pods of one workload, database, cache or Job from those of another. */
export interface PodProps {
  /** Name of the workload, also of the container. */
  readonly workload: string;
  readonly serviceAccount: string;
  readonly image: ImageName;
  readonly args?: readonly string[];
  readonly userId: number;
  readonly attachment: Attachment;
  /** Variables of the user's, after those of the platform. */
  readonly env?: readonly EnvironmentVariable[];
  readonly resources: PodResources;
  readonly scheduling: Scheduling;
  readonly probes?: Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'>;
  /** The port named after its protocol, for example `http`. */
  readonly port?: { readonly name: string; readonly number: number };
  readonly terminationGracePeriodSeconds: number;
  readonly restartPolicy?: 'Never';
  readonly spread?: k8s.TopologySpreadConstraint[];
}

/** The template of a pod that is admitted where the pod security policy `restricted` is enforced. */
export function podTemplate(context: Context, props: PodProps): k8s.PodTemplateSpec {
  const { settings } = context;
  const checksum = checksumOf(context, props.attachment.mounts, props.env ?? []);
  return {
    metadata: {
      labels: objectLabels(settings.platform, props.workload),
      annotations: { ...props.scheduling.annotations, [checksumAnnotation]: checksum },
    },
    spec: {
      serviceAccountName: props.serviceAccount,
      automountServiceAccountToken: false,
      // Otherwise every Service of the namespace becomes a handful of variables in every container.
      enableServiceLinks: false,
      securityContext: podSecurity(props.userId),
      terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
      ...(props.restartPolicy && { restartPolicy: props.restartPolicy }),
      ...pullSecrets(context),
      ...placement(props.scheduling),
      ...(props.spread && { topologySpreadConstraints: props.spread }),
      containers: [container(context, props)],
      volumes: props.attachment.mounts.map(volume),
    },
  };
}

function container({ settings }: Context, props: PodProps): k8s.Container {
  const env = [
    ...Object.entries(props.attachment.env).map(([name, value]) => ({ name, value })),
    ...(props.env ?? []).map((variable) => variable as k8s.EnvVar),
  ];
  return {
    name: props.workload,
    image: imageReference(settings.spec.images, props.image, settings.version),
    imagePullPolicy: settings.spec.images?.pullPolicy ?? 'IfNotPresent',
    ...(props.args && { args: [...props.args] }),
    ...(props.port && { ports: [{ name: props.port.name, containerPort: props.port.number, protocol: 'TCP' }] }),
    ...(env.length > 0 && { env }),
    resources: quantities(props.resources),
    securityContext: containerSecurity,
    ...props.probes,
    volumeMounts: props.attachment.mounts.map(volumeMount),
  };
}

function quantities({ requests, limits }: PodResources): k8s.ResourceRequirements {
  const convert = (amounts: Readonly<Record<string, string>>): Record<string, k8s.Quantity> =>
    Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, k8s.Quantity.fromString(amount)]));
  return { requests: convert(requests), limits: convert(limits) };
}

function pullSecrets({ settings }: Context): Pick<k8s.PodSpec, 'imagePullSecrets'> {
  const names = (settings.spec.images?.pullSecrets ?? []).map(({ name }) => name).sort();
  return names.length === 0 ? {} : { imagePullSecrets: names.map((name) => ({ name })) };
}

function placement(scheduling: Scheduling): Partial<k8s.PodSpec> {
  const { nodeSelector, tolerations, affinity, priorityClassName } = scheduling;
  // The order of tolerations means nothing; left as given, it would restart pods.
  const sorted = tolerations?.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  return {
    ...(nodeSelector && { nodeSelector }),
    ...(sorted && { tolerations: sorted as k8s.Toleration[] }),
    ...(affinity && { affinity: affinity as k8s.Affinity }),
    ...(priorityClassName !== undefined && { priorityClassName }),
  };
}
