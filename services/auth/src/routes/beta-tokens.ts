import { del, get, newId, pageClause, pageOf, pageReply, post } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import type { z } from 'zod';
import { z as zod } from 'zod';
import { redeemForUser, validateBetaToken } from '../accounts/beta.ts';
import { Done, GivenToken } from '../api/account-schemas.ts';
import { BetaTokenReply, BetaValidity, ById, NewBetaToken, TenantQuery, UsageReply } from '../api/admin-schemas.ts';
import { clientOf } from '../client.ts';
import type { Deps } from '../deps.ts';
import { newSecretToken } from '../domain/secret-token.ts';
import { missing } from '../errors.ts';
import { appendAudit } from '../store/audit-log.ts';
import { BETA_COLUMNS } from '../store/beta-tokens.ts';
import type { BetaToken } from '../store/beta-tokens.ts';
import { tenantOf } from './tenant.ts';

const scopes = ['auth:admin'] as const;
const TokenOnly = zod.strictObject({ token: GivenToken }).meta({ id: 'BetaTokenValue' });

/** Beta tokens: who may come in before the doors open, how much, and what came of it. */
export const betaTokenRoutes = (deps: Deps): Route[] => [...userSide(deps), createRoute(deps), ...adminSide(deps)];

const userSide = ({ parts }: Deps): Route[] => [
  post(
    '/v1/auth/beta/validate',
    { summary: 'Whether a beta token lets anybody in', body: TokenOnly, reply: BetaValidity, public: true },
    async ({ body, req }) => await validateBetaToken(parts, body.token, clientOf(req)),
  ),
  post(
    '/v1/auth/beta/redeem',
    { summary: 'Take up a beta token as a signed-in user', body: TokenOnly, reply: Done },
    async ({ body, identity, req }) => {
      await redeemForUser(parts, identity, body.token, clientOf(req));
      return { object: 'done' as const };
    },
  ),
];

const createRoute = ({ parts }: Deps): Route =>
  post(
    '/v1/auth/beta-tokens',
    { summary: 'Make a beta token', body: NewBetaToken, reply: BetaTokenReply, status: 201, scopes },
    async ({ body, identity, req, signal }) => {
      const { token, hash, prefix } = newSecretToken('bt_');
      const tenant = tenantOf(identity, body.tenant);
      const row = await parts.database.withTransaction({ signal }, async (tx) => {
        const id = newId('beta', parts.clock.now());
        const { cohort, max_uses, requests_per_second, burst, expires_at = null } = body;
        const insert = `INSERT INTO beta_tokens
          (id, tenant, hash, prefix, cohort, max_uses, requests_per_second, burst, expires_at, created_by)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${BETA_COLUMNS}`;
        const actor = identity.subject;
        const values = [id, tenant, hash, prefix, cohort, max_uses, requests_per_second, burst, expires_at, actor];
        const details = { cohort, max_uses };
        await appendAudit(
          tx,
          { action: 'beta-token.created', tenant, actor, target: id, details },
          clientOf(req).origin(),
        );
        return (await tx.row<BetaToken>(insert, values)) as BetaToken;
      });
      return { ...describe(row), token };
    },
  );

const adminSide = ({ parts }: Deps): Route[] => [
  get(
    '/v1/auth/beta-tokens',
    { summary: 'List beta tokens', query: TenantQuery, reply: pageOf(BetaTokenReply), scopes },
    async ({ query, identity, req, signal }) => {
      const page = pageClause(query, 'id', { firstParameter: 2 });
      const sql = `SELECT ${BETA_COLUMNS} FROM beta_tokens WHERE tenant = $1 AND ${page.condition} ${page.order}`;
      const values = [tenantOf(identity, query.tenant), ...page.values];
      return pageReply(req, query, (await parts.database.rows<BetaToken>({ signal }, sql, values)).map(describe));
    },
  ),
  get(
    '/v1/auth/beta-tokens/:id/usage',
    { summary: 'Requests by the users of a beta token, of the last 90 days', params: ById, reply: UsageReply, scopes },
    async ({ params, identity, signal }) => {
      const sql = `SELECT to_char(day, 'YYYY-MM-DD') AS day, sum(requests)::float8 AS requests, count(*)::int AS users
        FROM beta_usage JOIN beta_tokens t ON t.id = beta_token_id
        WHERE t.id = $1 AND t.tenant = $2 AND day > current_date - 90 GROUP BY day ORDER BY day DESC`;
      const values = [params.id, identity.tenant];
      const days = await parts.database.rows<{ day: string; requests: number; users: number }>({ signal }, sql, values);
      const distinct = 'SELECT count(DISTINCT user_id)::int AS users FROM beta_usage WHERE beta_token_id = $1';
      const [{ users } = { users: 0 }] = days.length === 0 ? [] : await parts.database.rows<{ users: number }>({}, distinct, [params.id]); // prettier-ignore
      return {
        object: 'beta_token.usage' as const,
        requests: days.reduce((sum, { requests }) => sum + requests, 0),
        users,
        days,
      };
    },
  ),
  del(
    '/v1/auth/beta-tokens/:id',
    { summary: 'Revoke a beta token: it lets nobody in any more', params: ById, reply: Done, scopes },
    async ({ params, identity, req }) => {
      const { tenant, subject: actor } = identity;
      const revoked = await parts.database.withTransaction({}, async (tx) => {
        const origin = clientOf(req).origin();
        const sql =
          'UPDATE beta_tokens SET revoked_at = $1 WHERE id = $2 AND tenant = $3 AND revoked_at IS NULL RETURNING id';
        const row = await tx.row(sql, [origin.at, params.id, tenant]);
        if (row) await appendAudit(tx, { action: 'beta-token.revoked', tenant, actor, target: params.id }, origin);
        return row !== undefined;
      });
      if (!revoked) throw missing('beta token');
      return { object: 'done' as const };
    },
  ),
];

function describe(row: BetaToken): z.input<typeof BetaTokenReply> {
  const { id, prefix, cohort, max_uses, uses, requests_per_second, burst, expires_at, revoked_at, created_at } = row;
  return {
    object: 'beta_token',
    id,
    prefix,
    cohort,
    max_uses,
    uses,
    requests_per_second,
    burst,
    expires_at: expires_at?.toISOString() ?? null,
    revoked: revoked_at !== null,
    created_at: created_at.toISOString(),
  };
}
