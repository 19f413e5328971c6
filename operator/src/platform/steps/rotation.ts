import { randomBytes } from 'node:crypto';
import type { WantedSecret } from '@genai-platform/cdk8s';
import { wantedSecrets } from '@genai-platform/cdk8s';
import { StaleView, done, refTo } from '../../runtime/index.ts';
import { applyStage } from '../apply-stage.ts';
import { Secrets } from '../kinds.ts';
import { isDue, ROTATE_ANNOTATION } from '../rotation/due.ts';
import type { Phase } from '../rotation/phases.ts';
import { phaseOf, prepare, retire, switchOver } from '../rotation/phases.ts';
import { hasUsersLeft } from '../rotation/users-left.ts';
import type { SecretValues } from '../secrets/secret-data.ts';
import { areEqual } from '../secrets/generated-secrets.ts';
import { decodeSecret } from '../secrets/secret-data.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';

/** A login with what its Secret holds. */
interface Held {
  readonly secret: string;
  readonly workload: string;
  readonly values: SecretValues;
}

/**
 * Takes the logins that are being rotated one phase further, or begins. It is the last step: it has its turn only when
 * all that the present phase asks for is done (the Job that makes the next login valid has succeeded; every workload runs
 * with what its Secrets hold and has answered), so that the steps before it need to know nothing of rotation.
 */
export const rotation: PlatformStep = {
  name: 'rotation',
  async run(context) {
    const logins = loginsOf(context);
    const moved = nextToMove(logins, context).map((login) => ({
      ...login,
      before: login.values,
      values: advance(login.values, context),
    }));
    if (moved.length > 0) {
      await assertCurrent(moved, context);
      const { session } = context;
      const changed = Object.fromEntries(moved.map(({ secret, values }) => [secret, values]));
      session.provide({ ...session.facts, secrets: { ...session.facts.secrets, ...changed } });
      await applyStage(context, 'secrets', (rendered) => rendered.secrets);
      for (const { secret, values } of moved) tell(secret, phaseOf(values), context);
    }
    const shown = [...logins.filter(({ secret }) => !moved.some((other) => other.secret === secret)), ...moved];
    context.status.credentials = shown.toSorted((a, b) => (a.secret < b.secret ? -1 : 1)).map(rowOf);
    return done();
  },
};

function loginsOf({ session }: PlatformContext): Held[] {
  return wantedSecrets(session.platform).flatMap((wanted: WantedSecret) => {
    if (wanted.kind !== 'values' || !wanted.login) return [];
    const values = session.facts.secrets[wanted.name] ?? {};
    return [{ secret: wanted.name, workload: wanted.login.workload, values }];
  });
}

/**
 * Those that are the furthest behind, so that all go in step, also after a crash between two of them: whoever uses two
 * logins is restarted for both at once.
 */
function nextToMove(logins: readonly Held[], context: PlatformContext): readonly Held[] {
  const standing = (phase: Phase): Held[] => logins.filter(({ values }) => phaseOf(values) === phase);
  const due = standing('settled').filter(({ secret, values }) => isDue(secret, values, context));
  if (due.length > 0) return due;
  const prepared = standing('prepared');
  if (prepared.length > 0) return prepared;
  return standing('switched').filter(({ workload }) => !hasUsersLeft(workload, context));
}

/** What the Secret is to hold next. */
function advance(values: SecretValues, context: PlatformContext): SecretValues {
  switch (phaseOf(values)) {
    case 'settled':
      return prepare(values, {
        password: context.session.given.get(secret)?.['password'] ?? randomBytes(24).toString('base64url'),
        rotatedFor: context.object.metadata.annotations?.[ROTATE_ANNOTATION],
        rotatedAt: new Date(context.clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      });
    case 'prepared':
      return switchOver(values);
    case 'switched':
      return retire(values);
  }
}

/** A password must never be replaced on the word of a cache that is behind: it may be somebody's by now. */
async function assertCurrent(
  moved: readonly { readonly secret: string; readonly before: SecretValues }[],
  context: PlatformContext,
): Promise<void> {
  for (const { secret, before } of moved) {
    const live = await context.read(refTo(Secrets, secret, context.session.platform.metadata.namespace));
    if (!live || !areEqual(decodeSecret(live), before)) throw new StaleView(`Secret ${secret} has changed meanwhile`);
  }
}

const news: Readonly<Record<Phase, { readonly reason: string; readonly text: string }>> = {
  prepared: { reason: 'CredentialPrepared', text: 'the next credential is being made valid' },
  switched: { reason: 'CredentialSwitched', text: 'the next credential is valid; its users change over to it' },
  settled: { reason: 'CredentialRotated', text: 'every user has changed over; the previous credential is retired' },
};

function tell(secret: string, phase: Phase, context: PlatformContext): void {
  const { reason, text } = news[phase];
  context.event({ type: 'Normal', reason, message: `Secret ${secret}: ${text}` });
  context.log.info({ secret, phase }, 'a credential is being rotated');
}

function rowOf({ secret, values }: Held): {
  secret: string;
  phase: 'Settled' | 'Prepared' | 'Switched';
  rotatedAt?: string;
} {
  const phase = ({ settled: 'Settled', prepared: 'Prepared', switched: 'Switched' } as const)[phaseOf(values)];
  const { 'rotated-at': rotatedAt } = values;
  return { secret, phase, ...(rotatedAt !== undefined && { rotatedAt }) };
}
