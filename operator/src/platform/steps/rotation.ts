import { done } from '../../runtime/index.ts';
import { advance } from '../rotation/advance.ts';
import { isDue } from '../rotation/due.ts';
import type { Login } from '../rotation/logins.ts';
import { loginsOf, standing } from '../rotation/logins.ts';
import { phaseOf } from '../rotation/phases.ts';
import { hasUsersLeft } from '../rotation/users-left.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';

/**
 * Takes the logins that are being rotated one phase further, or begins. It is the last step: it has its turn only when
 * all that the present phase asks for is done (the Job that makes the next login valid has succeeded; every workload runs
 * with what its Secrets hold and has answered), so that the steps before it need to know nothing of rotation.
 */
export const rotation: PlatformStep = {
  name: 'rotation',
  async run(context) {
    const logins = loginsOf(context);
    const moved = await advance(nextToMove(logins, context), context);
    const shown = [...logins.filter(({ secret }) => !moved.some((other) => other.secret === secret)), ...moved];
    context.status.credentials = shown.toSorted((a, b) => (a.secret < b.secret ? -1 : 1)).map(rowOf);
    return done();
  },
};

/**
 * Gives the rest of the next credentials to their users where a crash came between two of them, before anything restarts:
 * whoever uses two logins restarts once. They are valid: none is switched over before all that are prepared are.
 */
export const interruptedRotation: PlatformStep = {
  name: 'interrupted-rotation',
  async run(context) {
    const logins = loginsOf(context);
    if (standing(logins, 'switched').length > 0) await advance(standing(logins, 'prepared'), context);
    return done();
  },
};

/** All go in step, and none begins while others are on their way. */
function nextToMove(logins: readonly Login[], context: PlatformContext): readonly Login[] {
  const switched = standing(logins, 'switched');
  if (switched.length > 0) return switched.filter(({ workload }) => !hasUsersLeft(workload, context));
  const due = standing(logins, 'settled').filter(({ secret, values }) => isDue(secret, values, context));
  return due.length > 0 ? due : standing(logins, 'prepared');
}

function rowOf({ secret, values }: Login): {
  secret: string;
  phase: 'Settled' | 'Prepared' | 'Switched';
  rotatedAt?: string;
} {
  const phase = ({ settled: 'Settled', prepared: 'Prepared', switched: 'Switched' } as const)[phaseOf(values)];
  const { 'rotated-at': rotatedAt } = values;
  return { secret, phase, ...(rotatedAt !== undefined && { rotatedAt }) };
}
