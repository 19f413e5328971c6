import { post, reply } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { refreshSession } from '../accounts/refresh.ts';
import { register } from '../accounts/registration.ts';
import { signIn } from '../accounts/sign-in.ts';
import { LoginBody, RefreshBody, RegistrationBody, RegistrationReply, TokensReply } from '../api/account-schemas.ts';
import { clientOf } from '../client.ts';
import type { Deps } from '../deps.ts';
import { under } from './aliases.ts';

/** How a person gets in: register, login, refresh. Without a credential, each limited by address and account. */
export const signInRoutes = ({ parts }: Deps): Route[] => [
  ...under(
    post,
    ['/v1/auth/register', '/api/auth/register'],
    {
      summary: 'Register a user',
      description: 'The reply is the same whether the address has an account or not; a mail says more to its owner.',
      body: RegistrationBody,
      reply: RegistrationReply,
      status: 201,
      public: true,
    },
    async ({ body, req }) => {
      await register(parts, body, clientOf(req));
      return { object: 'registration' as const, email: body.email, email_verification: 'sent' as const };
    },
  ),
  ...under(
    post,
    ['/v1/auth/login', '/api/auth/login'],
    { summary: 'Sign in with a password', body: LoginBody, reply: TokensReply, public: true },
    async ({ body: { email, username, ...rest }, req }) =>
      reply(await signIn(parts, { login: email ?? username ?? '', ...rest }, clientOf(req))),
  ),
  ...under(
    post,
    ['/v1/auth/refresh', '/api/auth/refresh'],
    {
      summary: 'Trade a refresh token for new tokens',
      description:
        'A token works once. Refreshes with one token at the same moment, and again within the grace, all get the ' +
        'same successor; a later one ends the session.',
      body: RefreshBody,
      reply: TokensReply,
      public: true,
    },
    async ({ body, req }) => reply(await refreshSession(parts, body.refresh_token, clientOf(req))),
  ),
];
