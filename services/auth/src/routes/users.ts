import { AppError, get, newId, pageClause, pageOf, pageReply, patch, post } from '@genai-platform/common';
import type { Identity, Route, Transaction } from '@genai-platform/common';
import type { z } from 'zod';
import { describeUser } from '../accounts/describe-user.ts';
import { sendInvitation } from '../accounts/invitation.ts';
import { hashNewPassword } from '../accounts/passwords.ts';
import { UserReply } from '../api/account-schemas.ts';
import { ById, NewUserBody, TenantQuery, UserChange } from '../api/admin-schemas.ts';
import { clientOf } from '../client.ts';
import type { Client } from '../client.ts';
import type { Deps } from '../deps.ts';
import { emailKey } from '../domain/email-address.ts';
import { bootstrapFixed, userMissing } from '../errors.ts';
import { BOOTSTRAP_ID } from '../keys/bootstrap-admin.ts';
import { appendAudit } from '../store/audit-log.ts';
import { revokeSessions } from '../store/sessions.ts';
import { insertUser, lockUser } from '../store/users.ts';
import type { User } from '../store/users.ts';
import { tenantOf } from './tenant.ts';

const scopes = ['auth:admin'] as const;

/** Users, as administrators see them: those of their own tenant. */
export const userRoutes = (deps: Deps): Route[] => [listRoute(deps), getRoute(deps), createRoute(deps), changeRoute(deps)]; // prettier-ignore

const listRoute = ({ parts }: Deps): Route =>
  get(
    '/v1/auth/users',
    { summary: 'List users', query: TenantQuery, reply: pageOf(UserReply), scopes },
    async ({ query, identity, req, signal }) => {
      const page = pageClause(query, 'id', { firstParameter: 2 });
      const sql = `SELECT * FROM users WHERE tenant = $1 AND ${page.condition} ${page.order}`;
      const values = [tenantOf(identity, query.tenant), ...page.values];
      const users = await parts.database.withTransaction({ signal, readOnly: true }, async (tx) => {
        const described: z.input<typeof UserReply>[] = [];
        for (const user of await tx.rows<User>(sql, values)) described.push(await describeUser(tx, user, parts.roles));
        return described;
      });
      return pageReply(req, query, users);
    },
  );

const getRoute = ({ parts }: Deps): Route =>
  get(
    '/v1/auth/users/:id',
    { summary: 'Get a user', params: ById, reply: UserReply, scopes },
    async ({ params, identity, signal }) =>
      await parts.database.withTransaction({ signal }, async (tx) =>
        describeUser(tx, await administered(tx, identity, params.id), parts.roles),
      ),
  );

const createRoute = ({ parts }: Deps): Route =>
  post(
    '/v1/auth/users',
    {
      summary: 'Make a user: a person, who gets a mail to choose a password, or a service, which gets keys',
      body: NewUserBody,
      reply: UserReply,
      status: 201,
      scopes,
    },
    async ({ body, identity, req, signal }) => {
      const { email, name, role, password } = body;
      const tenant = tenantOf(identity, body.tenant);
      const passwordHash = password && (await hashNewPassword(parts, password, body, '/password'));
      return await parts.database.withTransaction({ signal }, async (tx) => {
        const id = newId('user', parts.clock.now());
        const key = email && emailKey(email);
        const user = await insertUser(tx, {
          id,
          tenant,
          email,
          emailKey: key,
          name,
          role,
          passwordHash,
          emailVerified: true,
        });
        if (user === undefined) throw emailTaken();
        if (email !== undefined && password === undefined) await sendInvitation(parts, tx, user);
        const event = {
          action: 'user.created',
          tenant,
          actor: identity.subject,
          target: id,
          details: { role },
        } as const;
        await appendAudit(tx, event, clientOf(req).origin());
        return await describeUser(tx, user, parts.roles);
      });
    },
  );

const changeRoute = ({ parts }: Deps): Route =>
  patch(
    '/v1/auth/users/:id',
    {
      summary: 'Give another role, or shut out; both end the sessions of the user',
      params: ById,
      body: UserChange,
      reply: UserReply,
      scopes,
    },
    async ({ params, body, identity, req }) => {
      if (params.id === BOOTSTRAP_ID) throw bootstrapFixed();
      return await parts.database.withTransaction({}, async (tx) => {
        const before = await administered(tx, identity, params.id);
        const user = await change(tx, { before, wanted: body, actor: identity.subject }, clientOf(req));
        return await describeUser(tx, user, parts.roles);
      });
    },
  );

async function change(
  tx: Transaction,
  { before, wanted, actor }: { before: User; wanted: z.output<typeof UserChange>; actor: string },
  client: Client,
): Promise<User> {
  const { role = before.role, disabled = before.disabled_at !== null } = wanted;
  if (before.role === 'service' && role !== 'service') {
    throw new AppError('AUTH_ROLE_FIXED', {
      status: 409,
      detail: 'a service does not become a person',
      pointer: '/role',
    });
  }
  const origin = client.origin();
  const sql = `UPDATE users SET role = $2, updated_at = $4,
    disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, $4) END WHERE id = $1 RETURNING *`;
  const user = (await tx.row<User>(sql, [before.id, role, disabled, origin.at])) as User;
  // Tokens say what a role allowed when they were made.
  if (role !== before.role || disabled) await revokeSessions(tx, { userId: user.id }, 'disabled', origin.at);
  const details = { role, disabled };
  await appendAudit(tx, { action: 'user.changed', tenant: user.tenant, actor, target: user.id, details }, origin);
  return user;
}

/** A user of a tenant that the caller administers, locked. @throws AppError 404 */
export async function administered(tx: Transaction, identity: Identity, id: string): Promise<User> {
  const user = await lockUser(tx, id);
  if (user === undefined) throw userMissing();
  try {
    tenantOf(identity, user.tenant);
  } catch {
    throw userMissing();
  }
  return user;
}

function emailTaken(): AppError {
  return new AppError('AUTH_EMAIL_TAKEN', { status: 409, detail: 'the address has an account', pointer: '/email' });
}
