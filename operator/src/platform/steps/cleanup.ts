import { objectsOf } from '@genai-platform/cdk8s';
import { done } from '../../runtime/index.ts';
import { disposableKinds, refOf } from '../kinds.ts';
import type { PlatformStep } from '../session.ts';

/** Removes what the platform no longer consists of: only now, when everything that takes its place works. */
export const cleanup: PlatformStep = {
  name: 'cleanup',
  async run(context) {
    await context.prune(objectsOf(context.session.outline).map(refOf), disposableKinds);
    return done();
  },
};
