import { randomBytes } from 'node:crypto';
import { StaleView, refTo } from '../../runtime/index.ts';
import { applyStage } from '../apply-stage.ts';
import { Secrets } from '../kinds.ts';
import { areEqual } from '../secrets/generated-secrets.ts';
import type { SecretValues } from '../secrets/secret-data.ts';
import { decodeSecret } from '../secrets/secret-data.ts';
import type { PlatformContext } from '../session.ts';
import { ROTATE_ANNOTATION } from './due.ts';
import type { Login } from './logins.ts';
import type { Phase } from './phases.ts';
import { phaseOf, prepare, retire, switchOver } from './phases.ts';

/**
 * Takes these logins one phase further, and writes their Secrets.
 *
 * @returns them as they are then
 * @throws StaleView when a Secret is not what the cache says
 */
export async function advance(logins: readonly Login[], context: PlatformContext): Promise<Login[]> {
  if (logins.length === 0) return [];
  await assertCurrent(logins, context);
  const moved = logins.map((login) => ({ ...login, values: nextValues(login, context) }));
  const { session } = context;
  const changed = Object.fromEntries(moved.map(({ secret, values }) => [secret, values]));
  session.provide({ ...session.facts, secrets: { ...session.facts.secrets, ...changed } });
  await applyStage(context, 'secrets', (rendered) => rendered.secrets);
  for (const { secret, values } of moved) tell(secret, phaseOf(values), context);
  return moved;
}

/** What the Secret is to hold next. */
function nextValues({ secret, values }: Login, context: PlatformContext): SecretValues {
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
async function assertCurrent(logins: readonly Login[], context: PlatformContext): Promise<void> {
  for (const { secret, values } of logins) {
    const live = await context.read(refTo(Secrets, secret, context.session.platform.metadata.namespace));
    if (!live || !areEqual(decodeSecret(live), values)) throw new StaleView(`Secret ${secret} has changed meanwhile`);
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
