import { AppError, PageQuery, del, get, newId, pageClause, pageOf, pageReply, post, requireScopes } from '@genai-platform/common'; // prettier-ignore
import type { Identity, Route, Transaction } from '@genai-platform/common';
import type { z } from 'zod';
import { requireUser } from '../accounts/require-user.ts';
import { Done } from '../api/account-schemas.ts';
import { ById, KeyReply, NewKeyBody } from '../api/admin-schemas.ts';
import { clientOf } from '../client.ts';
import type { Deps } from '../deps.ts';
import { newSecretToken } from '../domain/secret-token.ts';
import { missing, userMissing } from '../errors.ts';
import { KEY_COLUMNS } from '../store/api-keys.ts';
import type { ApiKey } from '../store/api-keys.ts';
import { appendAudit } from '../store/audit-log.ts';
import { findUser } from '../store/users.ts';
import type { User } from '../store/users.ts';

/** Every API key begins so, and the gateway knows it by that. */
const PREFIX = 'gp_';
const MAX_KEYS = 100;

/** API keys: for programs, with no more scopes than their owner has. */
export const keyRoutes = (deps: Deps): Route[] => [createRoute(deps), listRoute(deps), revokeRoute(deps)];

const createRoute = ({ parts }: Deps): Route =>
  post(
    '/v1/keys',
    { summary: 'Make an API key', body: NewKeyBody, reply: KeyReply, status: 201, scopes: ['keys:write'] },
    async ({ body, identity, req, signal }) => {
      const { token, hash, prefix } = newSecretToken(PREFIX);
      const row = await parts.database.withTransaction({ signal }, async (tx) => {
        const owner = await ownerOf(tx, identity, body.user_id);
        const scopes = body.scopes ?? [...parts.roles.within(owner.role, identity.scopes)];
        requireGrantable(parts.roles.within(owner.role, scopes), identity, scopes);
        const insert = `INSERT INTO api_keys (id, tenant, user_id, name, hash, prefix, scopes, expires_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${KEY_COLUMNS}`;
        const id = newId('key', parts.clock.now());
        const values = [id, owner.tenant, owner.id, body.name, hash, prefix, scopes, body.expires_at ?? null];
        const { tenant, subject: actor } = identity;
        const details = { scopes, owner: owner.id };
        await appendAudit(tx, { action: 'key.created', tenant, actor, target: id, details }, clientOf(req).origin());
        return (await tx.row<ApiKey>(insert, values)) as ApiKey;
      });
      return { ...describeKey(row), key: token };
    },
  );

const listRoute = ({ parts }: Deps): Route =>
  get(
    '/v1/keys',
    { summary: 'The keys of the user', query: PageQuery, reply: pageOf(KeyReply), scopes: ['keys:read'] },
    async ({ query, identity, req, signal }) => {
      const page = pageClause(query, 'id', { firstParameter: 2 });
      const sql = `SELECT ${KEY_COLUMNS} FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL
        AND ${page.condition} ${page.order}`;
      const rows = await parts.database.rows<ApiKey>({ signal, readOnly: true }, sql, [
        identity.subject,
        ...page.values,
      ]);
      return pageReply(req, query, rows.map(describeKey));
    },
  );

const revokeRoute = ({ parts }: Deps): Route =>
  del(
    '/v1/keys/:id',
    { summary: 'Revoke a key; the edge knows within seconds', params: ById, reply: Done, scopes: ['keys:write'] },
    async ({ params, identity, req }) => {
      const { tenant, subject: actor, scopes } = identity;
      const revoked = await parts.database.withTransaction({}, async (tx) => {
        const origin = clientOf(req).origin();
        const sql = `UPDATE api_keys SET revoked_at = $1 WHERE id = $2 AND tenant = $3 AND (user_id = $4 OR $5)
          AND revoked_at IS NULL RETURNING id`;
        const row = await tx.row(sql, [origin.at, params.id, tenant, actor, scopes.includes('*')]);
        if (row) await appendAudit(tx, { action: 'key.revoked', tenant, actor, target: params.id }, origin);
        return row !== undefined;
      });
      if (!revoked) throw missing('key');
      return { object: 'done' as const };
    },
  );

/** Oneself, or for an administrator any user of the tenant. @throws AppError 403, 404, 409 */
async function ownerOf(tx: Transaction, identity: Identity, userId: string | undefined): Promise<User> {
  const self = userId === undefined || userId === identity.subject;
  if (!self) requireScopes(identity, ['auth:admin']);
  const owner = self ? await requireUser(tx, identity) : await findUser(tx, userId);
  if (owner === undefined || owner.tenant !== identity.tenant || owner.disabled_at !== null) throw userMissing();
  const sql = 'SELECT count(*)::int AS keys FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL';
  const { keys = 0 } = (await tx.row<{ keys: number }>(sql, [owner.id])) ?? {};
  if (keys < MAX_KEYS) return owner;
  throw new AppError('AUTH_KEYS_FULL', { status: 409, detail: `there are ${MAX_KEYS} keys already: revoke one first` });
}

/** Nobody gives what is not theirs to give, and a key never allows more than its owner. @throws AppError 403 */
function requireGrantable(within: readonly string[], identity: Identity, wanted: readonly string[]): void {
  requireScopes(identity, wanted);
  const beyond = wanted.filter((scope) => !within.includes(scope));
  if (beyond.length === 0) return;
  throw new AppError('AUTH_SCOPE_BEYOND_ROLE', {
    status: 403,
    detail: `the owner's role does not have ${beyond.join(' ')}`,
    pointer: '/scopes',
  });
}

function describeKey(row: ApiKey): z.input<typeof KeyReply> {
  const { id, user_id, name, prefix, scopes, expires_at, last_used_at, created_at } = row;
  return {
    object: 'api_key',
    id,
    user_id,
    name,
    prefix,
    scopes,
    expires_at: expires_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
    created_at: created_at.toISOString(),
  };
}
