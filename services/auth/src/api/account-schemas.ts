import { z } from 'zod';
import { EmailAddress } from '../domain/email-address.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from '../domain/password-policy.ts';
import { ROLES } from '../domain/roles.ts';

/** A password that is being chosen. */
export const NewPassword = z.string().min(PASSWORD_MIN).max(PASSWORD_MAX).meta({ format: 'password' });
/** A password that is being compared: whatever it is, it is not longer than one can be. */
export const GivenPassword = z.string().min(1).max(PASSWORD_MAX).meta({ format: 'password' });
export const GivenToken = z.string().min(8).max(256);

export const RegistrationBody = z
  .strictObject({
    email: EmailAddress,
    password: NewPassword,
    name: z.string().trim().min(1).max(128).optional(),
    beta_token: GivenToken.optional().describe('Lets in, or raises limits: see the sign-up policy'),
  })
  .meta({ id: 'Registration' });

export const RegistrationReply = z
  .object({ object: z.literal('registration'), email: z.string(), email_verification: z.literal('sent') })
  .meta({ id: 'RegistrationReply' });

const SecondFactorFields = {
  totp_code: z.string().regex(/^\d{6}$/, 'must be six digits').optional(), // prettier-ignore
  recovery_code: z.string().min(8).max(64).optional(),
};

export const LoginBody = z
  .strictObject({
    email: z.string().min(1).max(254).optional().describe('The address'),
    username: z.string().min(1).max(254).optional().describe('Instead of it, for the bootstrap administrator: admin'),
    password: GivenPassword,
    ...SecondFactorFields,
  })
  .refine(({ email, username }) => (email === undefined) !== (username === undefined), {
    path: ['email'],
    message: 'give either email or username',
  })
  .meta({ id: 'Login' });

export const TokensReply = z
  .object({
    object: z.literal('session.tokens'),
    access_token: z.string().describe('For `Authorization: Bearer`'),
    token_type: z.literal('Bearer'),
    expires_in: z.number().int().describe('Seconds until the access token ends'),
    refresh_token: z.string().describe('Good for one refresh'),
    session_id: z.string(),
  })
  .meta({ id: 'SessionTokens' });

export const RefreshBody = z.strictObject({ refresh_token: z.string().min(1).max(256) }).meta({ id: 'Refresh' });
export const LogoutBody = z
  .strictObject({ refresh_token: z.string().min(1).max(256).optional() })
  .describe('Without a token the session of the access token ends')
  .meta({ id: 'Logout' });
export const EmailBody = z.strictObject({ email: EmailAddress }).meta({ id: 'Email' });
export const TokenBody = z.strictObject({ token: GivenToken }).meta({ id: 'Token' });
export const ResetBody = z.strictObject({ token: GivenToken, password: NewPassword }).meta({ id: 'PasswordReset' });
export const ChangeBody = z
  .strictObject({ current_password: GivenPassword, password: NewPassword })
  .meta({ id: 'PasswordChange' });
export const ConfirmBody = z.strictObject({ password: GivenPassword, ...SecondFactorFields }).meta({ id: 'Confirm' });

export const Accepted = z.object({ object: z.literal('accepted'), detail: z.string() }).meta({ id: 'Accepted' });
export const Done = z.object({ object: z.literal('done') }).meta({ id: 'Done' });

const time = z.iso.datetime();

export const UserReply = z
  .object({
    object: z.literal('user'),
    id: z.string(),
    tenant: z.string(),
    email: z.string().nullable(),
    username: z.string().nullable(),
    name: z.string().nullable(),
    role: z.enum(ROLES),
    scopes: z.array(z.string()),
    email_verified: z.boolean(),
    mfa_enabled: z.boolean(),
    disabled: z.boolean(),
    cohort: z.string().nullable().describe('Of the beta token that was redeemed'),
    created_at: time,
  })
  .meta({ id: 'User' });

export const SessionReply = z
  .object({
    object: z.literal('session'),
    id: z.string(),
    current: z.boolean(),
    mfa: z.boolean(),
    user_agent: z.string().nullable(),
    address: z.string().nullable(),
    created_at: time,
    last_used_at: time,
    ends_at: time,
  })
  .meta({ id: 'Session' });

export const EnrolReply = z
  .object({
    object: z.literal('totp'),
    secret: z.string().describe('Base32'),
    uri: z.string().describe('For a QR code'),
  })
  .meta({ id: 'TotpEnrolment' });
export const CodeBody = z.strictObject({ code: z.string().regex(/^\d{6}$/, 'must be six digits') }).meta({ id: 'TotpCode' }); // prettier-ignore
export const RecoveryCodesReply = z
  .object({ object: z.literal('recovery_codes'), codes: z.array(z.string()).describe('Shown once; each works once') })
  .meta({ id: 'RecoveryCodes' });
