import { AppError } from '@genai-platform/common';

/** One answer for a wrong name, a wrong password and a locked account: none tells which addresses have accounts. */
export const credentialsWrong = (): AppError =>
  new AppError('AUTH_CREDENTIALS_WRONG', { status: 401, detail: 'the name or the password is wrong' });

export const emailUnverified = (): AppError =>
  new AppError('AUTH_EMAIL_UNVERIFIED', { status: 403, detail: 'the e-mail address has not been verified yet' });

export const mfaRequired = (): AppError =>
  new AppError('AUTH_MFA_REQUIRED', {
    status: 401,
    detail: 'a code of the authenticator app (totp_code) or a recovery_code is needed besides the password',
  });

export const mfaWrong = (): AppError =>
  new AppError('AUTH_MFA_WRONG', { status: 401, detail: 'the code is wrong, or has been used already' });

/** One answer for a session that ended, however it did, and for one that never was. */
export const sessionEnded = (): AppError =>
  new AppError('AUTH_SESSION_ENDED', { status: 401, detail: 'the session has ended: sign in again' });

export const sessionNeeded = (): AppError =>
  new AppError('AUTH_SESSION_NEEDED', { status: 403, detail: 'this needs a signed-in user, not an API key' });

export const tokenInvalid = (pointer: string): AppError =>
  new AppError('AUTH_TOKEN_INVALID', { status: 400, detail: 'the token is wrong, used or too old', pointer });

export const betaTokenInvalid = (): AppError =>
  new AppError('AUTH_BETA_TOKEN_INVALID', {
    status: 403,
    detail: 'the beta token is wrong, used up, revoked or too old',
  });

export const userMissing = (): AppError =>
  new AppError('AUTH_USER_MISSING', { status: 404, detail: 'there is no such user' });

export const missing = (what: string): AppError =>
  new AppError('AUTH_NOT_FOUND', { status: 404, detail: `there is no such ${what}` });

export const tenantForbidden = (): AppError =>
  new AppError('AUTH_TENANT_FORBIDDEN', { status: 403, detail: 'the tenant is not yours to administer' });

export const bootstrapFixed = (): AppError =>
  new AppError('AUTH_BOOTSTRAP_FIXED', {
    status: 409,
    detail: 'the bootstrap administrator is defined by its Secret: its password and role cannot be changed here',
  });

export const passwordWeak = (weakness: string, pointer: string): AppError =>
  new AppError('AUTH_PASSWORD_WEAK', { status: 422, detail: `the password ${weakness}`, pointer });
