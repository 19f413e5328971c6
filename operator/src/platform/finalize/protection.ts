import { done, wait } from '../../runtime/index.ts';
import type { PlatformStep } from '../session.ts';

const LOOK_AGAIN_MS = 60_000;

/** Nothing of a protected platform is removed: it goes on serving until its protection is lifted. */
export const holdProtected: PlatformStep = {
  name: 'protection',
  run(context) {
    if (context.object.spec.deletionProtection !== true) return done();
    const message = 'spec.deletionProtection is true: nothing is removed until it is false';
    return wait('DeletionProtected', message, { afterMs: LOOK_AGAIN_MS });
  },
};
