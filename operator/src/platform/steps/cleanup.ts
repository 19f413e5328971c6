import { objectsOf } from '@genai-platform/cdk8s';
import { done } from '../../runtime/index.ts';
import { Jobs, disposableKinds, refOf } from '../kinds.ts';
import type { PlatformStep } from '../session.ts';

/** Removes what the platform no longer consists of: only now, when everything that takes its place works. */
export const cleanup: PlatformStep = {
  name: 'cleanup',
  async run(context) {
    const { outline, rollback } = context.session;
    // The Jobs of what failed keep its logs, until something else has worked.
    const kinds = rollback ? disposableKinds.filter((kind) => kind !== Jobs) : disposableKinds;
    await context.prune(objectsOf(outline).map(refOf), kinds);
    return done();
  },
};
