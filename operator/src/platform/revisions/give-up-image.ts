import { imageReference } from '@genai-platform/cdk8s';
import type { DataImageName } from '@genai-platform/crds';
import type { Result } from '../../runtime/index.ts';
import { wait } from '../../runtime/index.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { PlatformContext } from '../session.ts';
import { describeRollback } from './describe-rollback.ts';
import { giveUp } from './give-up.ts';
import { readRecord, recordRef } from './revision-record.ts';

const AT_ONCE_MS = 1;

/**
 * Ends a rollout because the database or the cache does not run with the image that it brought: the last good revision
 * comes back with the image it had. Undefined where another image would change nothing, or there is nothing to give up.
 */
export async function giveUpImage(
  image: DataImageName,
  failure: Diagnosis,
  context: PlatformContext,
): Promise<Result | undefined> {
  const { session, status } = context;
  if (session.rollout.paused || !isAnother(image, context)) return undefined;
  if (!session.rollback) {
    const result = await giveUp(failure, context);
    if (result?.outcome !== 'wait') return result;
  }
  // In the status since the rollout was given up, now or by an earlier look.
  if (!status.rollback) return undefined;
  const images = [...new Set([...(status.rollback.images ?? []), image])].sort();
  status.rollback = { ...status.rollback, images };
  return wait('RollingBack', describeRollback(status.rollback), { afterMs: AT_ONCE_MS });
}

/** Whether the revision that is back, or would be, had another image of it than is in effect now. */
function isAnother(image: DataImageName, context: PlatformContext): boolean {
  const { session, status } = context;
  const { platform, wanted, rollback } = session;
  const revision = rollback?.to ?? status.lastGoodRevision;
  const object = revision === undefined ? undefined : context.observe(recordRef(platform, revision));
  const content = object && readRecord(object, platform.metadata.name)?.content;
  if (!content) return false;
  const before = imageReference(content.images, image, content.version);
  return before !== imageReference(platform.spec.images, image, platform.spec.version ?? wanted.content.version);
}
