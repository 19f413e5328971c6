import { AppError, del, post } from '@genai-platform/common';
import type { Identity, Route, Transaction } from '@genai-platform/common';
import { requireSession, requireUser } from '../accounts/require-user.ts';
import { issueRecoveryCodes, totpLabel, useSecondFactor, useTotpCode } from '../accounts/second-factor.ts';
import { CodeBody, ConfirmBody, Done, EnrolReply, RecoveryCodesReply } from '../api/account-schemas.ts';
import { clientOf } from '../client.ts';
import type { Deps } from '../deps.ts';
import { newTotp } from '../domain/one-time-password.ts';
import { mfaWrong } from '../errors.ts';
import { confirmPassword } from '../accounts/confirm-password.ts';
import { appendAudit } from '../store/audit-log.ts';
import type { AuditAction } from '../store/audit-log.ts';
import { lockUser } from '../store/users.ts';
import type { User } from '../store/users.ts';

/** A second factor: codes of an authenticator app (RFC 6238), and recovery codes for the day it is lost. */
export const secondFactorRoutes = (deps: Deps): Route[] => [enrolRoute(deps), verifyRoute(deps), disableRoute(deps)];

const enrolRoute = ({ parts }: Deps): Route =>
  post(
    '/v1/auth/mfa/totp/enroll',
    { summary: 'Begin: the secret for an authenticator app; it counts once a code was verified', reply: EnrolReply },
    async ({ identity }) =>
      await parts.database.withTransaction({}, async (tx) => {
        const user = await lockedUser(tx, identity);
        if (user.totp_secret !== null) throw alreadyEnabled();
        const enrolment = newTotp(user.email ?? user.username ?? user.id);
        const sealed = parts.box.seal(totpLabel(user.id), enrolment.secret);
        await tx.query('UPDATE users SET totp_pending = $2, totp_last_step = 0 WHERE id = $1', [user.id, sealed]);
        return { object: 'totp' as const, ...enrolment };
      }),
  );

const verifyRoute = ({ parts }: Deps): Route =>
  post(
    '/v1/auth/mfa/totp/verify',
    {
      summary: 'Finish with a code of the app; the reply has the recovery codes',
      body: CodeBody,
      reply: RecoveryCodesReply,
    },
    async ({ body, identity, req }) => {
      await parts.throttles.charge('mfa:account', identity.subject);
      return await parts.database.withTransaction({}, async (tx) => {
        const user = await lockedUser(tx, identity);
        const sealed = user.totp_pending;
        if (sealed === null || !(await useTotpCode(parts, tx, user, { sealed, code: body.code }))) throw mfaWrong();
        await tx.query('UPDATE users SET totp_secret = totp_pending, totp_pending = NULL WHERE id = $1', [user.id]);
        await appendAudit(tx, about('mfa.enabled', user), clientOf(req).origin());
        return { object: 'recovery_codes' as const, codes: await issueRecoveryCodes(tx, user.id) };
      });
    },
  );

const disableRoute = ({ parts }: Deps): Route =>
  del(
    '/v1/auth/mfa/totp',
    { summary: 'Take the second factor away; needs password and a code', body: ConfirmBody, reply: Done },
    async ({ body, identity, req }) => {
      requireSession(identity);
      await confirmPassword(parts, identity, body.password, clientOf(req));
      await parts.throttles.charge('mfa:account', identity.subject);
      return await parts.database.withTransaction({}, async (tx) => {
        const user = await lockedUser(tx, identity);
        if ((await useSecondFactor(parts, tx, user, body)) === undefined) throw mfaWrong();
        await tx.query('UPDATE users SET totp_secret = NULL, totp_pending = NULL WHERE id = $1', [user.id]);
        await tx.query('DELETE FROM recovery_codes WHERE user_id = $1', [user.id]);
        await appendAudit(tx, about('mfa.disabled', user), clientOf(req).origin());
        return { object: 'done' as const };
      });
    },
  );

async function lockedUser(tx: Transaction, identity: Identity): Promise<User> {
  requireSession(identity);
  const { id } = await requireUser(tx, identity);
  return (await lockUser(tx, id)) as User;
}

function about(
  action: AuditAction,
  { id, tenant }: User,
): { action: AuditAction; tenant: string; actor: string; target: string } {
  // prettier-ignore
  return { action, tenant, actor: id, target: id };
}

function alreadyEnabled(): AppError {
  return new AppError('AUTH_MFA_ENABLED', { status: 409, detail: 'there is a second factor already: remove it first' });
}
