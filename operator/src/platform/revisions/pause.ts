import type { RenderedWorkload } from '@genai-platform/cdk8s';
import { revisionAnnotation } from '@genai-platform/cdk8s';
import type { Wait } from '../../runtime/index.ts';
import { refTo, wait } from '../../runtime/index.ts';
import { Deployments } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';

const LOOK_AGAIN_MS = 60_000;

/** What a paused rollout says instead of beginning what comes next. */
export function paused(what: string, { session }: PlatformContext): Wait {
  const message = `spec.rollout.paused holds revision ${session.wanted.name} before ${what}`;
  return wait('Paused', message, { afterMs: LOOK_AGAIN_MS });
}

/** Whether any workload of the wave has been given its wanted revision. */
export function isBegun(wave: readonly RenderedWorkload[], context: PlatformContext): boolean {
  const { namespace } = context.session.platform.metadata;
  return wave.some(({ name, revision }) => {
    const deployment = context.observe(refTo(Deployments, name, namespace));
    return deployment?.metadata.annotations?.[revisionAnnotation] === revision;
  });
}
