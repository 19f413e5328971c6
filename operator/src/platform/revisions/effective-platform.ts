import type { Revision } from '@genai-platform/cdk8s';
import { revisionOf, withRevision } from '@genai-platform/cdk8s';
import type { Rollback } from '@genai-platform/crds';
import type { StepContext } from '../../runtime/index.ts';
import type { Installation } from '../installation.ts';
import type { Platform } from '../kinds.ts';
import { renderable } from '../renderable.ts';
import { readRecord, recordRef } from './revision-record.ts';

/** What is to be made so: the platform as its user wrote it, or with the workloads of the last good revision. */
export interface EffectivePlatform {
  /** With what the installation fills in; the object in the cluster stays as its user wrote it. */
  readonly platform: Platform;
  /** What the specification asks for, also while something else is in effect. */
  readonly wanted: Revision;
  /** Why it is not the specification. */
  readonly rollback?: Rollback | undefined;
  /** The record of the revision that should be in effect is gone: nothing can be rendered. */
  readonly lost: boolean;
}

/**
 * Decides from specification and status alone, so that every reconcile decides alike: what was rolled back stays so
 * until somebody changes the specification, or the operator's release makes another revision of it.
 */
export function effectivePlatform(context: StepContext<Platform>, installation: Installation): EffectivePlatform {
  const platform = completed(context.object, installation);
  // Its end must not depend on whether it can be rendered.
  if (platform.metadata.deletionTimestamp !== undefined) return { platform, wanted: nothing, lost: false };
  const wanted = renderable(() => revisionOf(platform, installation.release));
  const rollback = context.object.status?.rollback;
  const holds = rollback?.from === wanted.name && rollback.generation === platform.metadata.generation;
  if (!holds) return { platform, wanted, lost: false };
  const object = context.observe(recordRef(platform, rollback.to));
  const record = object && readRecord(object, platform.metadata.name);
  if (!record) return { platform, wanted, rollback, lost: true };
  const spec = withRevision(platform.spec, record.content, {
    release: installation.release,
    back: rollback.images ?? [],
  });
  return { platform: { ...platform, spec }, wanted, rollback, lost: false };
}

/** What a platform asks for that is on its way out. */
const nothing: Revision = { name: '', content: { version: '', gateway: {}, services: {} } };

function completed(object: Platform, { imageRegistry }: Installation): Platform {
  const { images, ...spec } = object.spec;
  return { ...object, spec: { ...spec, images: { registry: imageRegistry, ...images } } };
}
