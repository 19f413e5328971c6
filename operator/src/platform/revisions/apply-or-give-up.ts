import type { KubernetesObject, Rendered } from '@genai-platform/cdk8s';
import type { Result } from '../../runtime/index.ts';
import { RuntimeError } from '../../runtime/index.ts';
import { applyStage } from '../apply-stage.ts';
import type { PlatformContext } from '../session.ts';
import { giveUp } from './give-up.ts';

/**
 * Applies a part of the platform; what the API server will never take is the end of its rollout.
 * @throws what cannot be given up
 */
export async function applyOrGiveUp(
  context: PlatformContext,
  name: string,
  select: (rendered: Rendered) => readonly KubernetesObject[],
): Promise<Result | undefined> {
  try {
    await applyStage(context, name, select);
    return undefined;
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.policy.retry !== 'never') throw error;
    const result = await giveUp({ reason: error.policy.reason, message: error.message }, context);
    if (!result) throw error;
    return result;
  }
}
