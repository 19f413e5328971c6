import { del, get, pageClause, pageOf, pageReply, post } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import type { z } from 'zod';
import { confirmPassword } from '../accounts/confirm-password.ts';
import { requireSession, requireUser } from '../accounts/require-user.ts';
import { ConfirmBody } from '../api/account-schemas.ts';
import { ById, ErasureReply, TenantQuery } from '../api/admin-schemas.ts';
import { clientOf } from '../client.ts';
import type { Deps } from '../deps.ts';
import { eraseUser } from '../erasure/erase-user.ts';
import type { ErasedPlace } from '../erasure/service-eraser.ts';
import { bootstrapFixed } from '../errors.ts';
import { BOOTSTRAP_ID } from '../keys/bootstrap-admin.ts';
import { tenantOf } from './tenant.ts';
import { administered } from './users.ts';

const scopes = ['auth:admin'] as const;

interface Row {
  readonly id: string;
  readonly user_id: string;
  readonly report: ErasedPlace[];
  readonly complete: boolean;
  readonly created_at: Date;
}

/** Erasing people: everything that any service holds of them, with a report that stays. */
export const erasureRoutes = ({ parts, services }: Deps): Route[] => [
  post(
    '/v1/auth/users/:id/erasure',
    { summary: 'Erase a user in every service', params: ById, reply: ErasureReply, scopes },
    async ({ params, identity, req }) => {
      if (params.id === BOOTSTRAP_ID) throw bootstrapFixed();
      const user = await parts.database.withTransaction({}, (tx) => administered(tx, identity, params.id));
      return await eraseUser({ ...parts, services }, user, { actor: identity.subject, client: clientOf(req) });
    },
  ),
  del(
    '/v1/auth/me',
    { summary: 'Erase myself in every service; needs the password', body: ConfirmBody, reply: ErasureReply },
    async ({ body, identity, req }) => {
      requireSession(identity);
      if (identity.subject === BOOTSTRAP_ID) throw bootstrapFixed();
      await confirmPassword(parts, identity, body.password, clientOf(req));
      const user = await parts.database.withTransaction({}, (tx) => requireUser(tx, identity));
      return await eraseUser({ ...parts, services }, user, { actor: user.id, client: clientOf(req) });
    },
  ),
  get(
    '/v1/auth/erasures',
    { summary: 'The reports of erasures', query: TenantQuery, reply: pageOf(ErasureReply), scopes },
    async ({ query, identity, req, signal }) => {
      const page = pageClause(query, 'id', { firstParameter: 2 });
      const sql = `SELECT id, user_id, report, complete, created_at FROM erasures
        WHERE tenant = $1 AND ${page.condition} ${page.order}`;
      const values = [tenantOf(identity, query.tenant), ...page.values];
      const rows = await parts.database.rows<Row>({ signal, readOnly: true }, sql, values);
      return pageReply(req, query, rows.map(describe));
    },
  ),
];

function describe({ id, user_id, report, complete, created_at }: Row): z.input<typeof ErasureReply> {
  return { object: 'erasure', id, user_id, complete, services: report, created_at: created_at.toISOString() };
}
