import type { RenderedWorkload } from '@genai-platform/cdk8s';
import type { WorkloadStatus } from '@genai-platform/crds';
import type { Deployment } from '../kinds.ts';
import { wantedPods } from '../rollout.ts';
import type { PlatformContext } from '../session.ts';

/** A workload's row without what is wrong with it: how many of which version there are, and what was verified. */
export function rowOf(
  { entry, image, revision }: RenderedWorkload,
  deployment: Deployment | undefined,
  { status }: PlatformContext,
): WorkloadStatus {
  const verification = status.workloads?.find(({ name }) => name === entry.name)?.verification;
  return {
    name: entry.name,
    version: versionOf(imageOf(deployment) ?? image),
    ready: deployment?.status?.readyReplicas ?? 0,
    desired: wantedPods(deployment),
    revision,
    // An answer counts for the revision that gave it, and for no other.
    ...(verification?.revision === revision && { verification }),
  };
}

function imageOf(deployment: Deployment | undefined): string | undefined {
  return deployment?.spec?.template.spec?.containers[0]?.image;
}

/** Whether the workload's wanted revision has answered its real request. */
export function isVerified({ verification }: WorkloadStatus): boolean {
  return verification?.result === 'Passed';
}

/** Puts these rows into the status, and drops those of workloads that are no longer wanted. */
export function report(rows: readonly WorkloadStatus[], { session, status }: PlatformContext): void {
  const byName = new Map([...(status.workloads ?? []), ...rows].map((row) => [row.name, row]));
  const wanted = session.outline.waves.flat().map(({ entry }) => entry.name);
  status.workloads = wanted
    .toSorted()
    .map((name) => byName.get(name))
    .filter((row) => row !== undefined);
  const ready = status.workloads.filter((row) => row.reason === undefined && isVerified(row));
  status.services = `${ready.length}/${wanted.length}`;
}

/** The digest or the tag of an image reference; the port of a registry is neither. */
export function versionOf(image: string): string {
  const [, digest] = image.split('@');
  return digest ?? /:([^:/]+)$/.exec(image)?.[1] ?? 'latest';
}
