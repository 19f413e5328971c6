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
  const to = session.rollback?.to ?? status.lastGoodRevision;
  if (to === undefined || session.rollout.paused || !isAnother(image, to, context)) return undefined;
  if (!session.rollback) {
    const result = await giveUp(failure, context);
    if (result?.outcome !== 'wait') return result;
  }
  // Beside what was given up before it, if anything was.
  const rollback = status.rollback ?? session.rollback;
  if (!rollback) return undefined;
  const images = [...new Set([...(rollback.images ?? []), image])].sort();
  status.rollback = { ...rollback, images };
  return wait('RollingBack', describeRollback(status.rollback), { afterMs: AT_ONCE_MS });
}

/** Whether that revision had another image of it than is in effect now. */
function isAnother(image: DataImageName, revision: string, context: PlatformContext): boolean {
  const { platform, wanted } = context.session;
  const object = context.observe(recordRef(platform, revision));
  const content = object && readRecord(object, platform.metadata.name)?.content;
  if (!content) return false;
  const before = imageReference(content.images, image, content.version);
  return before !== imageReference(platform.spec.images, image, platform.spec.version ?? wanted.content.version);
}
