import { PageQuery, del, get, pageClause, pageOf, pageReply, post } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { z } from 'zod';
import { describeUser } from '../accounts/describe-user.ts';
import { requireSession, requireUser } from '../accounts/require-user.ts';
import { endSession, endSessions } from '../accounts/sign-out.ts';
import { Done, LogoutBody, SessionReply, UserReply } from '../api/account-schemas.ts';
import { clientOf } from '../client.ts';
import type { Deps } from '../deps.ts';
import { missing, sessionEnded } from '../errors.ts';
import type { Session } from '../store/sessions.ts';
import { under } from './aliases.ts';

const SessionPath = z.object({ id: z.string().min(1).max(64) });

/** Who I am, where I am signed in, and out again. */
export const sessionRoutes = (deps: Deps): Route[] => [...meRoutes(deps), ...logoutRoutes(deps), ...listRoutes(deps)];

const meRoutes = ({ parts }: Deps): Route[] =>
  under(
    get,
    ['/v1/auth/me', '/api/auth/me'],
    { summary: 'Who is asking', reply: UserReply },
    async ({ identity, signal }) =>
      await parts.database.withTransaction({ signal }, async (tx) =>
        describeUser(tx, await requireUser(tx, identity), parts.roles),
      ),
  );

const logoutRoutes = ({ parts }: Deps): Route[] => [
  ...under(
    post,
    ['/v1/auth/logout', '/api/auth/logout'],
    {
      summary: 'End a session',
      description: 'That of the refresh token, or without one that of the access token. To end it twice is no error.',
      body: LogoutBody,
      reply: Done,
      public: true,
    },
    async ({ body, identity, req }) => {
      const presented = body.refresh_token === undefined ? undefined : parts.refreshTokens.parse(body.refresh_token);
      const id = presented?.session ?? (body.refresh_token === undefined ? identity?.session : undefined);
      if (id === undefined) throw sessionEnded();
      await endSession(parts, id, clientOf(req));
      return { object: 'done' as const };
    },
  ),
  post('/v1/auth/logout-all', { summary: 'End all sessions of the user', reply: Done }, async ({ identity, req }) => {
    requireSession(identity);
    await endSessions(parts, identity, {}, clientOf(req));
    return { object: 'done' as const };
  }),
];

const listRoutes = ({ parts }: Deps): Route[] => [
  ...under(
    get,
    ['/v1/auth/sessions', '/api/auth/sessions'],
    { summary: 'Where the user is signed in', query: PageQuery, reply: pageOf(SessionReply) },
    async ({ query, identity, req, signal }) => {
      const page = pageClause(query, 'id', { firstParameter: 3 });
      const sql = `SELECT * FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND idle_until > $2 AND ends_at > $2
        AND ${page.condition} ${page.order}`;
      const values = [identity.subject, new Date(parts.clock.now()), ...page.values];
      const rows = await parts.database.rows<Session>({ signal, readOnly: true }, sql, values);
      return pageReply(
        req,
        query,
        rows.map((row) => describeSession(row, identity.session)),
      );
    },
  ),
  ...under(
    del,
    ['/v1/auth/sessions/:id', '/api/auth/sessions/:id'],
    { summary: 'End one of the user’s sessions', params: SessionPath, reply: Done },
    async ({ params, identity, req }) => {
      requireSession(identity);
      const ended = await endSessions(parts, identity, { id: params.id }, clientOf(req));
      if (ended === 0) throw missing('session');
      return { object: 'done' as const };
    },
  ),
];

function describeSession(session: Session, current: string | undefined): z.input<typeof SessionReply> {
  const { id, mfa, user_agent, address, created_at, last_used_at, ends_at } = session;
  return {
    object: 'session',
    id,
    current: id === current,
    mfa,
    user_agent,
    address,
    created_at: created_at.toISOString(),
    last_used_at: last_used_at.toISOString(),
    ends_at: ends_at.toISOString(),
  };
}
