import { get, post } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { resendVerification, verifyEmail } from '../accounts/email-verification.ts';
import { changePassword, forgotPassword, resetPassword } from '../accounts/recovery.ts';
import { requireSession } from '../accounts/require-user.ts';
import { Accepted, ChangeBody, Done, EmailBody, ResetBody, TokenBody } from '../api/account-schemas.ts';
import { clientOf } from '../client.ts';
import type { Deps } from '../deps.ts';
import { under } from './aliases.ts';

const ACCEPTED = { object: 'accepted', detail: 'where the address has an account, a mail is on its way' } as const;
const DONE = { object: 'done' } as const;

/** Addresses proved, passwords forgotten and changed. */
export const recoveryRoutes = (deps: Deps): Route[] => [...emailRoutes(deps), ...passwordRoutes(deps)];

const emailRoutes = ({ parts }: Deps): Route[] => [
  get(
    '/api/auth/verify-email',
    { summary: 'Prove an address by the link of a mail', query: TokenBody, reply: Done, public: true },
    async ({ query, req }) => {
      await verifyEmail(parts, query.token, clientOf(req));
      return DONE;
    },
  ),
  post(
    '/v1/auth/email/verify',
    { summary: 'Prove an address by the token of a mail', body: TokenBody, reply: Done, public: true },
    async ({ body, req }) => {
      await verifyEmail(parts, body.token, clientOf(req));
      return DONE;
    },
  ),
  ...under(
    post,
    ['/v1/auth/email/resend', '/api/auth/resend-verification'],
    { summary: 'Send the mail with the link again', body: EmailBody, reply: Accepted, status: 202, public: true },
    async ({ body, req }) => {
      await resendVerification(parts, body.email, clientOf(req));
      return ACCEPTED;
    },
  ),
];

const passwordRoutes = ({ parts }: Deps): Route[] => [
  ...under(
    post,
    ['/v1/auth/password/forgot', '/api/auth/forgot-password'],
    { summary: 'Ask for a mail to choose a new password', body: EmailBody, reply: Accepted, status: 202, public: true },
    async ({ body, req }) => {
      await forgotPassword(parts, body.email, clientOf(req));
      return ACCEPTED;
    },
  ),
  ...under(
    post,
    ['/v1/auth/password/reset', '/api/auth/reset-password'],
    { summary: 'Choose a new password by the token of a mail', body: ResetBody, reply: Done, public: true },
    async ({ body, req }) => {
      await resetPassword(parts, body, clientOf(req));
      return DONE;
    },
  ),
  post(
    '/v1/auth/password/change',
    { summary: 'Change the password; all other sessions end', body: ChangeBody, reply: Done },
    async ({ body, identity, req }) => {
      requireSession(identity);
      await changePassword(parts, identity, body, clientOf(req));
      return DONE;
    },
  ),
];
